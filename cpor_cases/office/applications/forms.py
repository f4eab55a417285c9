"""Forms about applications: recording, deciding, correcting an address."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.actions import account_activation
from cpor_cases.actions.entitlement import Obstacle
from cpor_cases.address_register import find_by_address
from cpor_cases.models import Application, RefusalReason
from cpor_cases.permissions import is_staff_account
from cpor_core import languages, plausible_dates
from cpor_core.case_numbers import CaseNumber, court_named_in, fold_word
from cpor_core.formfields import (
    BothCalendarsDateField,
    CaseNumberField,
    EmailAddressField,
)
from cpor_core.models import Category, PartyRole
from cpor_core.office.forms import ClerkForm, CourtForm, as_error_of
from cpor_core.office.working_days import latest_working_day
from cpor_core.spellings import fold_name
from cpor_core.translated.fields import first_text


class FirstFocusedRadioSelect(forms.RadioSelect):
    """Radio buttons of which the first has the focus when the page opens."""

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        if index == 0:
            option["attrs"]["autofocus"] = True
        return option


class ApplicationForm(CourtForm):
    """An application as it stands on the form, with the fields in the order of the form."""

    category = forms.ChoiceField(choices=Category.choices, label=_("Category"), widget=forms.RadioSelect)
    case_number = CaseNumberField(label=_("Case number"), required=False)
    year = forms.IntegerField(label=_("Year"), min_value=1, max_value=999, required=False)
    word = forms.CharField(label=_("Case word"), max_length=20, required=False)
    number = forms.IntegerField(
        label=pgettext_lazy("case", "Number"), min_value=1, max_value=9_999_999, required=False
    )
    applicant_name = forms.CharField(
        label=_("Applicant's name"),
        max_length=100,
        help_text=_("As written on the form; activation asks for it."),
    )
    role = forms.ModelChoiceField(PartyRole.objects.all(), label=_("Role"), empty_label=_("Choose a role"))
    email = EmailAddressField(
        label=pgettext_lazy("person", "Email address"),
        required=False,
        help_text=_("Leave both empty if the form gives none."),
    )
    email_again = EmailAddressField(label=_("Email address again"), required=False)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        help_text=_("If the form gives one: the court calls when a hearing changes within days."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        choices=languages.choices, label=_("Language of the emails"), initial=settings.LANGUAGE_CODE
    )
    received_on = BothCalendarsDateField(label=_("Received on"))
    receipt_number = forms.CharField(label=_("Receipt number"), max_length=40, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._focus_first_field()
        self.fields["received_on"].initial = latest_working_day()
        self.fields["role"].widget.choices = roles_by_category()
        for name in ("email", "email_again"):
            self.fields[name].widget.attrs["autocomplete"] = "off"  # of another person than the one who types

    def _focus_first_field(self) -> None:
        if self.has_one_court:
            self.fields["category"].widget = FirstFocusedRadioSelect(choices=Category.choices)
        else:
            self.fields["court"].widget.attrs["autofocus"] = True

    def clean_word(self):
        return fold_word(self.cleaned_data["word"])

    def clean_applicant_name(self):
        """Refuse a name of dots alone: activation compares names, and none would match."""
        name = self.cleaned_data["applicant_name"]
        if not fold_name(name):
            raise ValidationError(_("Please type the name as it is written on the form."))
        return name

    def clean_email_again(self):
        again = self.cleaned_data["email_again"]
        if "email" in self.cleaned_data and again != self.cleaned_data["email"]:
            raise ValidationError(_("The two email addresses are not alike."))
        return again

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This date is in the future."))
        return day

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        self._read_case_number(cleaned)
        self._check_court_named(cleaned)
        self._check_day_of_receipt(cleaned)
        role, category = cleaned.get("role"), cleaned.get("category")
        if role and category and role.category != category:
            self.add_error("role", _("This role does not exist in cases of this category."))
        return cleaned

    def _check_court_named(self, cleaned: dict) -> None:
        """Refuse a number copied from a judgment with the name of another court."""
        court, named = cleaned.get("court"), court_named_in(self.data.get("case_number", ""))
        if court and named and named not in re.sub(r"\s", "", first_text(court, "name")):
            self.add_error("case_number", _("This number is of another court: %(name)s.") % {"name": named})

    def _check_day_of_receipt(self, cleaned: dict) -> None:
        number, day = cleaned.get("case_number"), cleaned.get("received_on")
        if number and day:
            with as_error_of(self, "received_on"):
                plausible_dates.of_receipt(number.year).require(day)

    def _read_case_number(self, cleaned: dict) -> None:
        """Read the case number, which may be typed as a whole or in its three parts; the whole takes precedence."""
        if cleaned.get("case_number") or "case_number" in self.errors:
            return
        year, word, number = (cleaned.get(name) for name in ("year", "word", "number"))
        if year and word and number:
            cleaned["case_number"] = CaseNumber(year, word, number)
        elif year or word or number:
            self.add_error("case_number", _("Year, case word and number are all needed."))
        else:
            self.add_error("case_number", _("The case number is needed."))

    @property
    def facts(self) -> dict:
        """The keyword arguments of `applications.record` and `application_corrections.edit`."""
        cleaned = self.cleaned_data
        names = (
            "court",
            "category",
            "applicant_name",
            "role",
            "email",
            "received_on",
            "receipt_number",
            "phone",
            "language",
        )
        return {name: cleaned[name] for name in names} | {"number": cleaned["case_number"]}

    @property
    def known_facts(self) -> dict | None:
        """The arguments of `CheckResults` as far as they are typed; None if a needed one is missing."""
        self.is_valid()
        cleaned = self.cleaned_data
        needed = {name: cleaned.get(name) for name in ("court", "category", "received_on")}
        needed["number"] = cleaned.get("case_number")
        if not all(needed.values()):
            return None
        return needed | {
            "role": cleaned.get("role"),
            "email": cleaned.get("email") or "",
            "applicant_name": cleaned.get("applicant_name") or "",
        }

    @staticmethod
    def initial_of(application: Application) -> dict:
        case = application.case
        return {
            "court": case.court,
            "category": case.category,
            "case_number": case.full_number,
            "applicant_name": application.applicant_name,
            "role": application.role,
            "email": application.email,
            "email_again": application.email,
            "language": application.language,
            "received_on": application.received_on,
            "receipt_number": application.receipt_number,
            "phone": application.phone,
        }


def roles_by_category() -> list[tuple[str, Any]]:
    """Return the choices of a role, grouped by category; roles without a right to query are marked."""
    choices: list[tuple[str, Any]] = [("", _("Choose a role"))]
    roles = list(PartyRole.objects.all())
    for category, label in Category.choices:
        group = [(role.pk, role_in_words(role)) for role in roles if role.category == category]
        choices.append((str(label), group))
    return choices


def role_in_words(role: PartyRole) -> str:
    return role.name if role.is_entitled else _("%(role)s (not entitled)") % {"role": role.name}


class ApprovalForm(forms.Form):
    """Asks for a confirmation only if the address belongs to an account under another name."""

    same_person = forms.BooleanField(label=_("I have made sure that this is the same person."))

    def __init__(self, *args, is_under_other_name: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_under_other_name:
            del self.fields["same_person"]


class AddressForm(ClerkForm):
    """The address to which the mail goes instead of the recorded one."""

    email = EmailAddressField(label=_("Right email address"), autocomplete="off")
    email_again = EmailAddressField(label=_("Email address again"), autocomplete="off")
    same_person = forms.BooleanField(
        label=_("I have made sure that this is the same person."),
        required=False,
        help_text=_("Needed if the address belongs to an account that does not carry this name."),
    )

    def __init__(self, *args, application: Application, **kwargs):
        super().__init__(*args, **kwargs)
        self.application = application

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        email, again = cleaned.get("email"), cleaned.get("email_again")
        if email and again and email != again:
            self.add_error("email_again", _("The two email addresses are not alike."))
        account = find_by_address(email) if email else None
        if account and is_staff_account(account):
            self.add_error("email", Obstacle.STAFF_ACCOUNT.sentence)
        elif account and account_activation.is_other_name(account, self.application.applicant_name):
            self._require_confirmation(cleaned)
        return cleaned

    def _require_confirmation(self, cleaned: dict) -> None:
        if not cleaned.get("same_person"):
            self.add_error(
                "same_person", _("The address belongs to an account that does not carry this name.")
            )


class RefusalForm(forms.Form):
    """The choice of one of the fixed reasons."""

    reason = forms.ModelChoiceField(
        RefusalReason.objects.active(), label=_("Reason"), empty_label=_("Choose a reason")
    )
