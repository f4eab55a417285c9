"""Filters of the audit."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.models import (
    CourtLogEntry,
)
from cpor_cases.models.log_facts import VIEWS
from cpor_cases.office.filters import HorizonFilterSet, choice, period
from cpor_core.actors import ActorKind

from .log_actions import ACTIONS, SECURITY


def named_actions() -> list[tuple[str, str]]:
    """The deeds of the house, as the log names them."""
    named = [(f"cpor_cases.{name}", label) for name, (label, _message) in ACTIONS.items()]
    security = [(f"cpor_cases.security.{name}", message) for name, message in SECURITY.items()]
    return [("wagtail.create", _("Record application")), *named, *security]


class AuditFilterSet(HorizonFilterSet):
    actor_kind = choice("actor_kind", ActorKind.choices, _("Who"))
    sort = django_filters.ChoiceFilter(
        method="filter_sort",
        label=_("Deeds or looks"),
        choices=[("deeds", _("what was done")), ("looks", _("what was looked at"))],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )
    action = django_filters.ChoiceFilter(
        label=_("What"), choices=named_actions, empty_label=pgettext_lazy("filter", "All")
    )
    timestamp = period("timestamp", _("When"))

    class Meta:
        model = CourtLogEntry
        fields = []

    def filter_sort(self, entries, name, value):
        if not value:
            return entries
        return entries.filter(action__in=VIEWS) if value == "looks" else entries.exclude(action__in=VIEWS)
