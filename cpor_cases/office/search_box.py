"""The search box of the office's lists; `cpor_cases.saved_search` stores what is typed."""

from django import forms
from django.utils.translation import pgettext_lazy

from cpor_cases.saved_search import KEY, TEXT

FORM_ID = "office-search"


class KeyedSearchInput(forms.TextInput):
    """The input of a list: its text belongs to the form that posts it, its key to the form of the filters around it."""

    template_name = "cpor_cases/office/widgets/keyed_search.html"

    def __init__(self, key: str):
        super().__init__(
            {
                "form": FORM_ID,
                "data-office-search": True,
                "autocomplete": "off",
                "placeholder": pgettext_lazy("search", "Search…"),
            }
        )
        self.key = key

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"key": self.key, "key_name": KEY}


class KeyedSearchForm(forms.Form):
    q = forms.CharField(label=pgettext_lazy("search", "Search term"), required=False)

    def __init__(self, text: str, key: str):
        super().__init__(initial={TEXT: text})
        self.fields[TEXT].widget = KeyedSearchInput(key)
