"""The forms above a report: which court, which months."""

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_core.roc_dates import month_in_both_calendars

from .scope import By, Scope

MONTHS_OFFERED = 36


MONTHS_AT_FIRST = 12


def latest_months(count: int = MONTHS_OFFERED) -> list:
    """The first days of the latest months, the present one first."""
    present = timezone.localdate().replace(day=1)
    return [present - relativedelta(months=number) for number in range(count)]


class MonthField(forms.TypedChoiceField):
    """One of the latest months."""

    def __init__(self, **kwargs):
        self.months = {f"{month:%Y-%m}": month for month in latest_months()}
        choices = [(key, month_in_both_calendars(month)) for key, month in self.months.items()]
        super().__init__(choices=choices, coerce=self.months.get, required=False, empty_value=None, **kwargs)


class ScopeForm(forms.Form):
    """A form whose values come from the query string; a field that it leaves out has its initial value."""

    use_required_attribute = False

    def as_at_first(self) -> None:
        self.data = {name: self.data.get(name, field.initial or "") for name, field in self.fields.items()}


class MonthForm(ScopeForm):
    """Which month, of all courts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        present = latest_months(1)[0]
        self.fields["month"] = MonthField(label=_("Month"), initial=f"{present:%Y-%m}")
        self.as_at_first()

    def scope(self, courts) -> Scope:
        month = self.cleaned_data["month"] or latest_months(1)[0]
        return Scope(courts, month, month, By.COURT)


class PeriodForm(ScopeForm):
    """Which court, from which month up to which."""

    def __init__(self, *args, courts, **kwargs):
        super().__init__(*args, **kwargs)
        months = latest_months(MONTHS_AT_FIRST)
        if courts.count() > 1:
            self.fields["court"] = forms.ModelChoiceField(
                courts, label=_("Court"), required=False, empty_label=_("All courts together")
            )
        self.fields["first"] = MonthField(label=_("From month"), initial=f"{months[-1]:%Y-%m}")
        self.fields["last"] = MonthField(label=_("to month"), initial=f"{months[0]:%Y-%m}")
        self.as_at_first()

    def clean(self):
        super().clean()
        facts = self.cleaned_data
        months = latest_months(MONTHS_AT_FIRST)
        last = facts.get("last") or months[0]
        first = facts.get("first") or min(months[-1], last)
        if not self.errors and first > last:
            raise forms.ValidationError(_("The first month must not be after the last."))
        return facts | {"first": first, "last": last}

    def scope(self, courts) -> Scope:
        court = self.cleaned_data.get("court")
        chosen = courts.filter(pk=court.pk) if court else courts
        return Scope(chosen, self.cleaned_data["first"], self.cleaned_data["last"])
