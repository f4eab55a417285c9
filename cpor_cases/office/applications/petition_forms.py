"""Forms about the paper of a petition that was filled in on the site: its number, and what is on the paper."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases.models import Petition
from cpor_core.office.forms import ClerkForm
from cpor_core.office.working_days import latest_working_day
from cpor_core.roc_dates import in_both_calendars

from .forms import ApplicationForm


class NumberForm(ClerkForm):
    """The number of a petition, typed or scanned: a scanner types it and sends Enter."""

    number = forms.CharField(
        label=_("Petition number"),
        max_length=40,
        help_text=_("Scan the code on the paper, or type the number below its title: 48210-93755."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "autofocus": True}),
    )


class PetitionForm(ApplicationForm):
    """An application filled in as its person typed it on the site. The clerk compares it with the paper."""

    same_person = forms.BooleanField(
        label=_("I have made sure that this is the same person."), required=False
    )

    # First what the clerk adds, then what was typed on the site.
    field_order = ["received_on", "receipt_number"]

    def __init__(self, *args, petition: Petition, **kwargs):
        super().__init__(*args, **kwargs)
        self.petition = petition
        self.initial = {**self._typed(), **self.initial}
        for name, text in self._typed_in_words().items():
            self.fields[name].help_text = text
        self.fields["email_again"].help_text = _("Only if you change the address.")
        self.asks_same_person = False

    def _focus_first_field(self) -> None:
        """The heading has the focus: what a scanner sends after the number changes nothing."""

    def _typed(self) -> dict[str, Any]:
        petition = self.petition
        return {
            "court": petition.court,
            "category": petition.category,
            "case_number": petition.case_number,
            "applicant_name": petition.applicant_name,
            "role": petition.role,
            "email": petition.address,
            "email_again": petition.address,
            "phone": petition.phone,
            "language": petition.language,
        }

    def _typed_in_words(self) -> dict[str, str]:
        """Return, for each field, what was typed on the site: it stays to be seen when the clerk changes the field."""
        petition = self.petition
        number = petition.case_number or _("none yet")
        words = {
            "case_number": number,
            "applicant_name": petition.applicant_name,
            "role": petition.role,
            "phone": petition.phone or "—",
        }
        said = {name: _("Typed on the site: %(value)s") % {"value": value} for name, value in words.items()}
        return said | {"email": self._address_in_words()}

    def _address_in_words(self) -> str:
        facts = {"value": self.petition.address}
        if self.petition.address_proved_at is None:
            return _("Typed on the site: %(value)s; not proved by a code.") % facts
        facts["day"] = in_both_calendars(timezone.localdate(self.petition.address_proved_at))
        return _("Typed on the site: %(value)s; proved by code on %(day)s.") % facts

    @property
    def checked_facts(self) -> dict | None:
        """The arguments of `CheckResults`: of what was sent, or of what was typed on the site; None without a number."""
        if self.is_bound:
            return self.known_facts
        petition = self.petition
        if petition.case_number is None:
            return None
        return {
            "court": petition.court,
            "category": petition.category,
            "number": petition.case_number,
            "role": petition.role,
            "email": petition.address,
            "applicant_name": petition.applicant_name,
            "received_on": latest_working_day(),
        }
