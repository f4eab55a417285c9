"""The filters, the order and the search of a person's own list of cases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cpor_cases.case_search import matching
from cpor_cases.models import CaseAccess
from cpor_core.models import Category

STATES = [("news", _("with news")), ("open", _("can be followed")), ("ending", _("ending soon"))]
ORDERS = [("", _("latest entry first")), ("hearing", _("next hearing first"))]


def next_hearing_first(access: CaseAccess) -> tuple:
    """Return the key by which accesses are sorted by their next hearing, those without one last."""
    hearing = access.next_hearing
    return (0, hearing.at, access.pk) if hearing else (1,)


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

    def find(self, own: list[CaseAccess]) -> list[CaseAccess]:
        """Return those of a person's accesses that are asked for, in the order asked for; they come latest entry first."""
        found = [access for access in own if self._is_asked_for(access)]
        if self.text:
            keys = [access.pk for access in found]
            named = matching(CaseAccess.objects.filter(pk__in=keys), self.text).values_list("pk", flat=True)
            found = [access for access in found if access.pk in set(named)]
        if self.cleaned_data.get("order") == "hearing":
            found.sort(key=next_hearing_first)
        return found

    def _is_asked_for(self, access: CaseAccess) -> bool:
        case, asked = access.case, self.chosen
        is_in_state = {
            "news": access.has_news,
            "open": case.closed_on is None,
            "ending": case.closed_on is not None,
        }
        return (
            asked.get("court") in {None, case.court.code}
            and asked.get("category") in {None, case.category}
            and is_in_state.get(asked.get("state", ""), True)
        )
