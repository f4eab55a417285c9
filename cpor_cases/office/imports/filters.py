"""Filters of the list of imports."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.models import (
    ImportRun,
)
from cpor_core.office.filters import HorizonFilterSet, choice, period


class ImportFilterSet(HorizonFilterSet):
    state = choice("state", ImportRun.State.choices, _("State"))
    source = choice("source", ImportRun.Source.choices, _("Source"))
    rejected = django_filters.ChoiceFilter(
        method="filter_rejected",
        label=_("Rows"),
        choices=[
            ("open", _("with rejected rows to see to")),
            ("closed", _("with rejected rows that were seen to")),
            ("some", _("with rejected rows")),
        ],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )
    started_at = period("started_at", _("Started"))

    class Meta:
        model = ImportRun
        fields: list[str] = []

    def filter_rejected(self, runs, name, value):
        return {"open": runs.to_repair, "closed": runs.seen_to, "some": runs.faulty}.get(value, runs.all)()
