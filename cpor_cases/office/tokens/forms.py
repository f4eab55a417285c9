"""The form that issues an API token."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cpor_core.office.forms import CourtForm


class TokenForm(CourtForm):
    """The court and the label of a new token."""

    label = forms.CharField(
        label=_("Label"),
        max_length=60,
        help_text=_("Which system or machine uses it, for example: Case system, main hall."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
