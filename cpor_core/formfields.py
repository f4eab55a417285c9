"""Form fields of the service: dates and times of both calendars, whole case numbers, e-mail addresses."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .case_numbers import CaseNumber, parse_case_number
from .email_addresses import MAX_TYPED, usable
from .roc_dates import in_taipei, parse_date, parse_moment
from .spellings import without_directions


class TypedField(forms.Field):
    """Base of text fields whose value a subclass parses in `read`."""

    widget = forms.TextInput

    def read(self, text: str):
        raise NotImplementedError

    def to_python(self, value):
        if value in self.empty_values:
            return None
        text = str(value).strip()
        return self.read(text) if text else None


class SeenTextField(forms.CharField):
    """One line of text that is read in the order in which it was typed: without marks of direction and control characters."""

    def to_python(self, value):
        return super().to_python(without_directions(value) if isinstance(value, str) else value)


class BothCalendarsDateField(TypedField):
    """A day typed in either calendar: 2026-09-24, 115/09/24, 民國115年9月24日."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("2026-09-24 or 115/09/24"))
        super().__init__(**kwargs)

    def read(self, text):
        return _read(parse_date, text)

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, dt.date) else value


class BothCalendarsMomentField(TypedField):
    """A day of either calendar with an optional time of day: 115/09/24 09:30."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("2026-09-24 09:30 or 115/09/24 09:30; the time may be left out"))
        super().__init__(**kwargs)

    def read(self, text):
        return _read(parse_moment, text)

    def prepare_value(self, value):
        return moment_as_typed(value) if isinstance(value, dt.datetime) else value


class CaseNumberField(TypedField):
    """A whole case number as people write it: 115年度訴字第123號, 115訴123."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("As a whole: 115年度訴字第123號, 115訴123 or 115-訴-123"))
        super().__init__(**kwargs)

    def read(self, text):
        number = parse_case_number(text)
        if number is None:
            raise ValidationError(_("This is not a case number. Write it like 115訴123."))
        return number

    def prepare_value(self, value):
        return str(value) if isinstance(value, CaseNumber) else value


class AnythingField(TypedField):
    """Text that is never wrong: what cannot be right is answered like what nothing fits, so that the answer tells nothing."""

    def read(self, text):
        return text[:MAX_TYPED]


def email_input(autocomplete: str = "email") -> forms.TextInput:
    """Return the input of an e-mail address, with the keyboard for it on a phone."""
    return forms.TextInput(
        {
            "inputmode": "email",
            "autocomplete": autocomplete,
            "autocapitalize": "none",
            "spellcheck": "false",
        }
    )


class EmailAddressField(TypedField):
    """An e-mail address, however it is spelled; its value is the normal form.

    No `type="email"`: browsers refuse full-width letters and leave others out, without a sentence in the reader's words.
    """

    def __init__(self, *, autocomplete: str = "email", **kwargs):
        kwargs.setdefault("widget", email_input(autocomplete))
        super().__init__(**kwargs)

    def to_python(self, value):
        return super().to_python(value) or ""

    def read(self, text):
        return usable(text)


def moment_as_typed(moment: dt.datetime) -> str:
    """Return a moment as it would be typed: the day alone where it stands for a day without a time."""
    local = in_taipei(moment)
    return f"{local:%Y-%m-%d}" if local.time() == dt.time() else f"{local:%Y-%m-%d %H:%M}"


def _read(parse, text: str):
    try:
        return parse(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None
