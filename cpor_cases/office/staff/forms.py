"""The form that renames a member of staff."""

from django import forms
from django.utils.translation import gettext_lazy

from cpor_core.office.forms import ClerkForm

NAME_INPUT = forms.TextInput({"autocomplete": "off"})


class NameForm(ClerkForm):
    """The name by which the court knows a member of staff."""

    last_name = forms.CharField(label=gettext_lazy("Family name"), max_length=150, widget=NAME_INPUT)
    first_name = forms.CharField(
        label=gettext_lazy("Given name"), max_length=150, required=False, widget=NAME_INPUT
    )
