"""What a person with many cases may ask of the list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cpor_cases.models.case_accesses import CaseAccessQuerySet
from cpor_core.models import Category

STATES = [("news", _("with news")), ("open", _("open")), ("ending", _("ending soon"))]
ORDERS = [("", _("latest entry first")), ("hearing", _("next hearing first"))]


class CaseSearch(forms.Form):
    """Reads the filters of the address and the text that its key stands for.

    What it does not understand it leaves out: a list is never an error page.
    """

    court = forms.CharField(required=False, max_length=5)
    category = forms.ChoiceField(choices=Category.choices, required=False)
    state = forms.ChoiceField(choices=STATES, required=False)
    order = forms.ChoiceField(choices=ORDERS, required=False)

    def __init__(self, data, text: str = ""):
        super().__init__(data)
        self.text = text
        self.is_valid()

    @property
    def chosen(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrows(self) -> bool:
        return bool(self.text or self.chosen.keys() - {"order"})

    def find(self, accesses: CaseAccessQuerySet) -> CaseAccessQuerySet:
        """Return the accesses asked for, in the order asked for; they come `with_next_hearing`."""
        asked = self.cleaned_data
        found = accesses.matching(self.text) if self.text else accesses
        if asked.get("court"):
            found = found.filter(case__court__code=asked["court"])
        if asked.get("category"):
            found = found.filter(case__category=asked["category"])
        if asked.get("state") == "news":
            found = found.with_news()
        elif asked.get("state"):
            found = found.filter(case__closed_on__isnull=asked["state"] == "open")
        return (
            found.next_hearing_first() if asked.get("order") == "hearing" else found.latest_activity_first()
        )
