"""The form of each step: one question a page."""

import re
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from cpor_core import languages, petition_numbers
from cpor_core.case_numbers import court_named_in
from cpor_core.formfields import AnythingField, CaseNumberField, EmailAddressField, SeenTextField, email_input
from cpor_core.keys import KeyField
from cpor_core.models import Category, Court, PartyRole
from cpor_core.models.courts import CourtTier
from cpor_core.spellings import fold_name
from cpor_core.translated.fields import first_text

from .drafts import Draft, DraftCase


class StepForm(forms.Form):
    """A form about a draft and, in the steps of a case, one of its cases; `store` writes the answer into them."""

    def __init__(self, *args, draft: Draft, case: DraftCase, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft, self.case = draft, case
        self.prepare()

    def prepare(self) -> None:
        """Fill in the choices and what was answered before."""

    def set_choices(self, name: str, choices: list) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def store(self) -> None:
        raise NotImplementedError


class CourtForm(StepForm):
    court = KeyField(
        label=gettext_lazy("Court that has the case"),
        help_text=gettext_lazy(
            "As on the papers you received. Summary divisions belong to the district court of their region."
        ),
        widget=forms.Select,
        error_messages={"required": gettext_lazy("Choose the court that has the case.")},
    )

    def prepare(self) -> None:
        groups: dict[str, list] = {"": [("", _("Choose a court"))]}
        for court in Court.objects.all():
            groups.setdefault(str(CourtTier(court.tier).label), []).append((court.pk, court.name))
        first, *others = groups.items()
        self.fields["court"].widget.choices = [*first[1], *others]
        self.initial["court"] = self.case.court_key

    def clean_court(self) -> Court:
        court = Court.objects.filter(pk=self.cleaned_data["court"]).first()
        if court is None:
            raise ValidationError(_("This court is not on the list. Please choose one that is."))
        return court

    def store(self) -> None:
        self.case.court_key = self.cleaned_data["court"].pk


class CategoryForm(StepForm):
    category = forms.ChoiceField(
        label=pgettext_lazy("of a case", "Category"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what kind of case it is.")},
    )

    def prepare(self) -> None:
        choices = [(each, Category(each).label) for each in self.case.categories]
        self.set_choices("category", choices)
        self.initial["category"] = self.case.category

    def store(self) -> None:
        if self.case.category != self.cleaned_data["category"]:
            self.case.role_key = None
        self.case.category = self.cleaned_data["category"]


class NumberForm(StepForm):
    number = CaseNumberField(
        label=gettext_lazy("Case number"),
        error_messages={
            "required": gettext_lazy("Enter the case number, or choose below that there is none yet.")
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "maxlength": 100}),
    )
    division = SeenTextField(
        label=gettext_lazy("Division"),
        help_text=gettext_lazy("One character before 股 on the papers of the court, if you know it."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def prepare(self) -> None:
        self.initial.update(number=self.case.number, division=self.case.division)

    def clean_number(self):
        """Refuse a number copied from a paper of another court."""
        court, named = self.case.court, court_named_in(self.data.get("number", ""))
        if court and named and named not in re.sub(r"\s", "", first_text(court, "name")):
            raise ValidationError(_("This number is of another court: %(name)s.") % {"name": named})
        return self.cleaned_data["number"]

    def store(self) -> None:
        self.case.number_parts = list(self.cleaned_data["number"])
        self.case.division = self.cleaned_data["division"].strip().removesuffix("股")
        self.case.has_answered_number = True

    def store_none(self) -> None:
        """There is no number yet."""
        self.case.number_parts, self.case.division, self.case.has_answered_number = None, "", True


class RoleForm(StepForm):
    role = forms.ChoiceField(
        label=gettext_lazy("Your role"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you are in this case.")},
    )

    def prepare(self) -> None:
        entitled = PartyRole.objects.filter(category=self.case.category, is_entitled=True)
        self.set_choices("role", [(str(role.pk), role.name) for role in entitled])
        self.initial["role"] = self.case.role_key and str(self.case.role_key)

    def store(self) -> None:
        self.case.role_key = int(self.cleaned_data["role"])


class NameForm(StepForm):
    name = SeenTextField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy(
            "As on your identity card. You enter the same name once more when you activate your account."
        ),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter your name.")},
    )
    phone = SeenTextField(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("So that the court can call you when a hearing changes at short notice."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def prepare(self) -> None:
        self.initial.update(name=self.draft.name, phone=self.draft.phone)

    def clean_name(self) -> str:
        """Refuse what is no name: activation compares names, and none would match."""
        name = self.cleaned_data["name"]
        if not fold_name(name):
            raise ValidationError(_("Enter your name."))
        return name

    def store(self) -> None:
        self.draft.name, self.draft.phone = self.cleaned_data["name"], self.cleaned_data["phone"]


class EmailForm(StepForm):
    address = EmailAddressField(
        label=gettext_lazy("Your email address"),
        help_text=gettext_lazy("We send a code of six digits there, which you enter on the next page."),
        error_messages={"required": gettext_lazy("Enter your email address.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the emails"), choices=languages.choices, widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        language = self.draft.language or get_language()
        self.initial.update(address=self.draft.address, language=language)

    def store(self) -> None:
        self.draft.address = self.cleaned_data["address"]
        self.draft.language = self.cleaned_data["language"]


class CodeForm(StepForm):
    code = forms.CharField(
        label=gettext_lazy("Code of six digits"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Enter the code from the email.")},
    )


class StatusForm(forms.Form):
    number = AnythingField(
        label=pgettext_lazy("of a person", "Your petition number"),
        help_text=format_lazy(
            gettext_lazy("At the head of the petition you printed. It looks like {example}."),
            example=petition_numbers.grouped("4821093755"),
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}),
    )
    address = AnythingField(
        label=gettext_lazy("Your email address"),
        help_text=gettext_lazy("The one on the petition."),
        widget=email_input(),
    )
