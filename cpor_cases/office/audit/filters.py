"""Filters of the audit."""

from typing import TYPE_CHECKING

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.models import (
    CourtLogEntry,
)
from cpor_cases.models.log_facts import VIEWS
from cpor_core.actors import ActorKind
from cpor_core.office.filters import HorizonFilterSet, choice, period

from .log_actions import ACTIONS, SECURITY

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def named_actions() -> "list[tuple[str, StrPromise]]":
    """Return the actions that the log can name: key and label."""
    named = [(f"cpor_cases.{name}", label) for name, (label, _message) in ACTIONS.items()]
    security = [(f"cpor_cases.security.{name}", message) for name, message in SECURITY.items()]
    return [("wagtail.create", _("Record application")), *named, *security]


class AuditFilterSet(HorizonFilterSet):
    actor_kind = choice("actor_kind", ActorKind.choices, _("Who"))
    sort = django_filters.ChoiceFilter(
        method="filter_sort",
        label=_("Actions or views"),
        choices=[("actions", _("what was done")), ("views", _("what was viewed"))],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )
    action = django_filters.ChoiceFilter(
        label=_("What"), choices=named_actions, empty_label=pgettext_lazy("filter", "All")
    )
    timestamp = period("timestamp", _("When"))

    class Meta:
        model = CourtLogEntry
        fields: list[str] = []

    def filter_sort(self, entries, name, value):
        if not value:
            return entries
        return entries.filter(action__in=VIEWS) if value == "views" else entries.exclude(action__in=VIEWS)
