"""Filters of the lists of the admin, whatever they list."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters.fields import DateRangeField, RangeField
from django_filters.widgets import SuffixedMultiWidget
from wagtail.admin.filters import WagtailFilterSet

from cpor_core.formfields import BothCalendarsDateField
from cpor_core.models import Court


class HorizonFilterSet(WagtailFilterSet):
    """Filters by court, for a clerk of several courts."""

    court_path = "court"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        courts = Court.objects.for_clerk(self.request.user)
        if courts.count() > 1:
            self.filters["court"] = django_filters.ModelChoiceFilter(
                field_name=self.court_path, queryset=courts, label=_("Court")
            )
            self.filters["court"].parent, self.filters["court"].model = self, self._meta.model


class DayRangeWidget(SuffixedMultiWidget):
    """Two text inputs, `…_from` and `…_to`, each for a day in either calendar."""

    template_name = "wagtailadmin/widgets/range_input.html"
    suffixes = ["from", "to"]

    def __init__(self, attrs=None):
        from_day = forms.TextInput({"placeholder": _("from, e.g. 115/09/24"), "autocomplete": "off"})
        to_day = forms.TextInput({"placeholder": _("to, e.g. 2026-09-30"), "autocomplete": "off"})
        super().__init__((from_day, to_day), attrs)

    def decompress(self, value):
        return [value.start, value.stop] if value else [None, None]


class BothCalendarsRangeField(DateRangeField):
    """From a day to a day, in either calendar."""

    widget = DayRangeWidget

    def __init__(self, *args, **kwargs):
        days = (BothCalendarsDateField(required=False), BothCalendarsDateField(required=False))
        RangeField.__init__(self, days, *args, **kwargs)  # its own parent insists on Gregorian fields


class PeriodFilter(django_filters.DateFromToRangeFilter):
    """From a day to a day, both included; either may be left empty."""

    field_class = BothCalendarsRangeField


def choice(field_name: str, choices, label) -> django_filters.ChoiceFilter:
    """Return a filter by one of the choices of a field, as radio buttons with “All” first."""
    return django_filters.ChoiceFilter(
        field_name=field_name,
        choices=choices,
        label=label,
        widget=forms.RadioSelect,
        empty_label=pgettext_lazy("filter", "All"),
    )


def period(field_name: str, label) -> PeriodFilter:
    """Return a filter by the days of a field that holds days or moments."""
    return PeriodFilter(field_name=field_name, label=label)
