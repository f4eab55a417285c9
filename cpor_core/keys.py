"""Primary keys as they come from outside, in URLs and in parameters: digits that the database can hold, or no key."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

LARGEST = 2**63 - 1
"""Of a BigAutoField, on both databases."""
_DIGITS = re.compile(r"[0-9]{1,19}")  # int() takes every script's digits, and gives up at 4,300 of them


def parse_key(text: str) -> int:
    """Return the key that `text` spells. Raises ValueError if no row can have it."""
    if not _DIGITS.fullmatch(text) or not 1 <= (key := int(text)) <= LARGEST:
        raise ValueError("not a primary key")
    return key


class KeyConverter:
    """`<key:pk>` in a route: what cannot be a primary key does not match, and the answer is 404."""

    regex = _DIGITS.pattern

    def to_python(self, value: str) -> int:
        return parse_key(value)

    def to_url(self, value: int | str) -> str:
        return str(value)


class KeyField(forms.Field):
    """A primary key from a hidden field, a checkbox or a link."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": _("This link is incomplete or damaged. Go back and choose again.")}

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        try:
            return parse_key(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def key_or_none(value: object) -> int | None:
    """Return the key in a parameter that may be left out; None where there is none or it is not one."""
    try:
        return KeyField(required=False).clean(value)
    except ValidationError:
        return None


register_converter(KeyConverter, "key")
