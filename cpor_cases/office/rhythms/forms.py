"""The forms for when a court usually sends data, and for the days on which it is closed."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cpor_core.formfields import BothCalendarsDateField
from cpor_core.office.forms import ClerkForm

from .wording import minutes_in, weekday_choices

MOST_TIMES = 6
MOST_DAYS = 92


class RhythmForm(ClerkForm):
    """When the court's system usually sends; left empty, it is learnt."""

    is_watched = forms.BooleanField(
        label=_("Say when the court's data is late"),
        required=False,
        help_text=_(
            "To you and the operator, by email and here; and on the pages of the court's cases, so that nobody takes a "
            "delay for “nothing new”."
        ),
    )
    set_times = forms.CharField(
        label=_("Times by which the system sends"),
        required=False,
        max_length=60,
        help_text=_(
            "For instance 06:30, 13:00. Leave this empty to have the times learnt from what is sent."
        ),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    set_weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on"),
        coerce=int,
        choices=weekday_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: on every working day. Holidays and closed days never count."),
    )
    tolerance_minutes = forms.IntegerField(
        label=_("Late after so many minutes more"), min_value=15, max_value=720
    )

    def clean_set_times(self) -> list[int]:
        minutes = minutes_in(unicodedata.normalize("NFKC", self.cleaned_data["set_times"]))
        if minutes is None:
            raise ValidationError(_("Write times of day, such as 06:30, 13:00."))
        if len(minutes) > MOST_TIMES:
            raise ValidationError(_("At most %(most)d times a day.") % {"most": MOST_TIMES})
        return minutes

    def clean_set_weekdays(self) -> list[int]:
        return sorted(self.cleaned_data["set_weekdays"])


class ClosureForm(ClerkForm):
    """From one day to another the court sends nothing, for a reason."""

    first_day = BothCalendarsDateField(label=_("First day"))
    last_day = BothCalendarsDateField(label=_("Last day"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For instance: offices closed for a typhoon, or a change of the court's system."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean(self):
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last_day", _("At most three months at a time."))
        return cleaned
