"""Filters of the list of cases."""

import django_filters
from django import forms
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.hearings.of_cases import still_naming
from cpor_cases.hearings.unclear import unclear_entries
from cpor_cases.models import (
    Case,
    MergedCase,
    ProgressEntry,
)
from cpor_cases.models.cases import within_query_period
from cpor_cases.models.merged_cases import with_merged_number
from cpor_cases.office.searches import division_in
from cpor_core.models import Category
from cpor_core.office.filters import HorizonFilterSet, PeriodFilter, choice


class CaseFilterSet(HorizonFilterSet):
    category = choice("category", Category.choices, _("Category"))
    division = django_filters.CharFilter(
        method="filter_division", label=_("Division"), widget=forms.TextInput({"autocomplete": "off"})
    )
    hearing = PeriodFilter(method="filter_hearing", label=_("Hearing"))
    query = django_filters.ChoiceFilter(
        method="filter_query",
        label=_("Query"),
        choices=[
            ("open", _("can be followed")),
            ("ending", _("can be followed for two months more at most")),
            ("over", _("online access has ended")),
        ],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )
    merged = django_filters.ChoiceFilter(
        method="filter_merged",
        label=_("Case number"),
        choices=[("again", _("merged once, and came again"))],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )

    hearing_unclear = django_filters.ChoiceFilter(
        method="filter_unclear",
        label=_("Moved or called off"),
        choices=[("yes", _("unclear which hearing"))],
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def filter_division(self, cases, name, value):
        return cases.filter(division=division_in(value)) if value else cases

    def filter_hearing(self, cases, name, value):
        if not value:
            return cases
        hearings = ProgressEntry.objects.for_clerk(self.request.user)
        if value.start:
            hearings = hearings.filter(hearing_at__gte=value.start)
        if value.stop:
            hearings = hearings.filter(hearing_at__lte=value.stop)
        in_period = still_naming(hearings)
        earliest = in_period.filter(case=OuterRef("pk")).order_by("hearing_at").values("hearing_at")[:1]
        return cases.filter(pk__in=in_period.values("case")).annotate(next_hearing_at=Subquery(earliest))

    def filter_unclear(self, cases, name, value):
        if not value:
            return cases
        entries = unclear_entries(ProgressEntry.objects.for_clerk(self.request.user))
        return cases.filter(pk__in=entries.values("case"))

    def filter_query(self, cases, name, value):
        followed = cases.within_query_period()
        return {
            "open": followed,
            "ending": followed.exclude(closed_on=None),
            "over": cases.exclude(within_query_period()),
        }.get(value, cases)

    def filter_merged(self, cases, name, value):
        return with_merged_number(cases, MergedCase.objects.for_clerk(self.request.user)) if value else cases
