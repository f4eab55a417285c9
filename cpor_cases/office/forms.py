"""The desk's forms. They only read and check; deeds are done by actions."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.actions import account_activation, clerk_posts, uploads
from cpor_cases.actions.entitlement import Obstacle
from cpor_cases.address_register import find_by_address
from cpor_cases.models import Application, Case, CaseAccess, MergedCase, RefusalReason
from cpor_cases.permissions import is_staff_account, oversees_courts
from cpor_core import plausible_dates
from cpor_core.case_numbers import CaseNumber, court_named_in, fold_word
from cpor_core.formfields import (
    BothCalendarsDateField,
    BothCalendarsMomentField,
    CaseNumberField,
    EmailAddressField,
    moment_as_typed,
)
from cpor_core.models import Category, Court, PartyRole, ProgressKind
from cpor_core.spellings import fold_name
from cpor_core.translated.fields import first_text
from cpor_core.translated.forms import TranslatedFormField, TranslatedInput
from cpor_core.translated.lookups import named

# The record of deeds outlives the names of the people (law of the house, 9).
FOR_THE_RECORD = _(
    "For the record of the court; it is not shown to the people in the case. Write no names: the record is kept longer than they are."
)


@contextmanager
def _as_error_of(form: forms.Form, name: str) -> Iterator[None]:
    """Say at a field what a check of its value raises."""
    try:
        yield
    except ValueError as error:
        form.add_error(name, str(error))


class FirstFocusedRadioSelect(forms.RadioSelect):
    """The cursor stands here when the page opens: on the first choice, for there can be but one."""

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        if index == 0:
            option["attrs"]["autofocus"] = True
        return option


class ApplicationForm(forms.Form):
    """The paper as it lies before the clerk, in its own order."""

    court = forms.ModelChoiceField(Court.objects.none(), label=_("Court"))
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
        label=_("E-mail"), required=False, help_text=_("Leave both empty if the form gives none.")
    )
    email_again = EmailAddressField(label=_("E-mail again"), required=False)
    language = forms.ChoiceField(
        choices=settings.LANGUAGES, label=_("Language of the mails"), initial=settings.LANGUAGE_CODE
    )
    received_on = BothCalendarsDateField(label=_("Received on"))
    receipt_number = forms.CharField(label=_("Receipt number"), max_length=40, required=False)

    def __init__(self, *args, clerk, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["court"].queryset = courts = Court.objects.for_clerk(clerk)
        self._pick_silently(list(courts[:2]))
        self.fields["received_on"].initial = timezone.localdate()
        self.fields["role"].widget.choices = roles_by_category()
        for name in ("email", "email_again"):
            self.fields[name].widget.attrs["autocomplete"] = "off"  # another person's

    def _pick_silently(self, courts: list[Court]) -> None:
        """A clerk of one court is not asked which."""
        if len(courts) == 1:
            self.fields["court"].initial = courts[0]
            self.fields["court"].widget = forms.HiddenInput()
            self.fields["category"].widget = FirstFocusedRadioSelect(choices=Category.choices)
        else:
            self.fields["court"].widget.attrs["autofocus"] = True

    def clean_word(self):
        return fold_word(self.cleaned_data["word"])

    def clean_applicant_name(self):
        """Dots alone are no name: nobody could prove to be the person."""
        name = self.cleaned_data["applicant_name"]
        if not fold_name(name):
            raise ValidationError(_("Please type the name as it is written on the form."))
        return name

    def clean_email_again(self):
        again = self.cleaned_data["email_again"]
        if "email" in self.cleaned_data and again != self.cleaned_data["email"]:
            raise ValidationError(_("The two e-mail addresses are not alike."))
        return again

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day

    def clean(self):
        cleaned = super().clean()
        self._put_number_together(cleaned)
        self._check_court_named(cleaned)
        self._check_day_of_receipt(cleaned)
        role, category = cleaned.get("role"), cleaned.get("category")
        if role and category and role.category != category:
            self.add_error("role", _("This role does not exist in cases of this category."))
        return cleaned

    def _check_court_named(self, cleaned: dict) -> None:
        """A number copied from a judgment brings the name of its court along: it must not land at another one."""
        court, named = cleaned.get("court"), court_named_in(self.data.get("case_number", ""))
        if court and named and named not in re.sub(r"\s", "", first_text(court, "name")):
            self.add_error("case_number", _("This number is of another court: %(name)s.") % {"name": named})

    def _check_day_of_receipt(self, cleaned: dict) -> None:
        number, day = cleaned.get("case_number"), cleaned.get("received_on")
        if number and day:
            with _as_error_of(self, "received_on"):
                plausible_dates.of_receipt(number.year).require(day)

    def _put_number_together(self, cleaned: dict) -> None:
        """The number may be typed as a whole or in its three parts; the whole counts if both are there."""
        if cleaned.get("case_number") or "case_number" in self.errors:
            return
        parts = [cleaned.get(name) for name in ("year", "word", "number")]
        if all(parts):
            cleaned["case_number"] = CaseNumber(*parts)
        elif any(parts):
            self.add_error("case_number", _("Year, case word and number are all needed."))
        else:
            self.add_error("case_number", _("The case number is needed."))

    @property
    def facts(self) -> dict:
        """The facts as the actions take them."""
        cleaned = self.cleaned_data
        names = (
            "court",
            "category",
            "applicant_name",
            "role",
            "email",
            "received_on",
            "receipt_number",
            "language",
        )
        return {name: cleaned[name] for name in names} | {"number": cleaned["case_number"]}

    @property
    def known_facts(self) -> dict | None:
        """The facts typed so far, if they are enough to look into the records; None if not."""
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
        }


def roles_by_category() -> list:
    """The choices of a role, under the names of the categories; what a role entitles to is said at once."""
    choices = [("", _("Choose a role"))]
    roles = list(PartyRole.objects.all())
    for category, label in Category.choices:
        group = [(role.pk, role_in_words(role)) for role in roles if role.category == category]
        choices.append((label, group))
    return choices


def role_in_words(role: PartyRole) -> str:
    return role.name if role.is_entitled else _("%(role)s (not entitled)") % {"role": role.name}


class ApprovalForm(forms.Form):
    """Asks nothing, unless the address belongs to an account that does not carry the applicant's name."""

    same_person = forms.BooleanField(label=_("I have made sure that this is the same person."))

    def __init__(self, *args, is_under_other_name: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_under_other_name:
            del self.fields["same_person"]


class AddressForm(forms.Form):
    """The address that the form really says."""

    email = EmailAddressField(label=_("Right e-mail address"), autocomplete="off")
    email_again = EmailAddressField(label=_("E-mail again"), autocomplete="off")
    same_person = forms.BooleanField(
        label=_("I have made sure that this is the same person."),
        required=False,
        help_text=_("Needed if the address belongs to an account that does not carry this name."),
    )

    def __init__(self, *args, clerk, application: Application, **kwargs):
        super().__init__(*args, **kwargs)
        self.application = application

    def clean(self):
        cleaned = super().clean()
        email, again = cleaned.get("email"), cleaned.get("email_again")
        if email and again and email != again:
            self.add_error("email_again", _("The two e-mail addresses are not alike."))
        account = find_by_address(email) if email else None
        if account and is_staff_account(account):
            self.add_error("email", Obstacle.STAFF_ACCOUNT.sentence)
        elif account and account_activation.is_other_name(account, self.application.applicant_name):
            self._ask_for_the_word(cleaned)
        return cleaned

    def _ask_for_the_word(self, cleaned: dict) -> None:
        if not cleaned.get("same_person"):
            self.add_error(
                "same_person", _("The address belongs to an account that does not carry this name.")
            )


class RefusalForm(forms.Form):
    """One of the fixed reasons."""

    reason = forms.ModelChoiceField(
        RefusalReason.objects.in_use(), label=_("Reason"), empty_label=_("Choose a reason")
    )


class ReasonForm(forms.ModelForm):
    """One reason for refusal. Once given it can no longer be reworded: it stands so on the record of applications."""

    class Meta:
        model = RefusalReason
        fields = ["name", "is_retired"]

    def __init__(self, *args, for_user=None, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.applications.exists():
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _(
                "Applications were refused for this reason: to word it anew, retire it and add another one."
            )


class KindInput(forms.TextInput):
    """A kind is found by typing a piece of its name: the browser's own list of suggestions, no script needed."""

    template_name = "cpor_cases/office/widgets/kind_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["kinds"] = ProgressKind.objects.all()
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}-kinds"
        return context


class EntryForm(forms.Form):
    """One progress entry. Whether it can be taken is for the intake to say, as with a court's export."""

    recorded_at = BothCalendarsMomentField(label=pgettext_lazy("progress entry", "Date"))
    kind = forms.CharField(
        label=_("Kind of progress entry"),
        max_length=60,
        widget=KindInput({"autocomplete": "off", "autofocus": True, "data-office-kind": ""}),
        help_text=_("Type a piece of the name and choose."),
    )
    detail = forms.CharField(
        label=_("Detail"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )
    hearing_at = BothCalendarsMomentField(label=_("Hearing"), required=False)
    courtroom = forms.CharField(label=_("Courtroom"), max_length=60, required=False)

    def __init__(self, *args, clerk, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["recorded_at"].initial = timezone.localdate().isoformat()

    def clean_kind(self):
        typed = self.cleaned_data["kind"].strip()
        kind = ProgressKind.objects.filter(named(typed) | Q(code=typed)).first()
        if kind is None:
            raise ValidationError(_("There is no kind of progress entry with this name."))
        return kind.code

    def clean(self):
        cleaned = super().clean()
        for name, days in (
            ("recorded_at", plausible_dates.of_entry),
            ("hearing_at", plausible_dates.of_hearing),
        ):
            if cleaned.get(name):
                with _as_error_of(self, name):
                    days(self.case.year).require_moment(cleaned[name])
        if cleaned.get("courtroom") and not cleaned.get("hearing_at") and "hearing_at" not in self.errors:
            self.add_error("hearing_at", _("A courtroom needs a hearing."))
        return cleaned

    @property
    def typed(self) -> dict[str, str]:
        """The entry in the keys of a row of an export."""
        cleaned = self.cleaned_data
        hearing_at = cleaned["hearing_at"]
        return {
            "recorded_at": moment_as_typed(cleaned["recorded_at"]),
            "kind": cleaned["kind"],
            "detail": cleaned["detail"],
            "hearing_at": moment_as_typed(hearing_at) if hearing_at else "",
            "courtroom": cleaned["courtroom"],
        }


class TransferForm(forms.Form):
    """Which division has the case now."""

    division = forms.CharField(
        label=_("Division"), max_length=20, help_text=_("Without the word for division: 孝, not 孝股.")
    )

    def __init__(self, *args, clerk, **kwargs):
        super().__init__(*args, **kwargs)

    def clean_division(self):
        return self.cleaned_data["division"].strip().removesuffix("股")


class MergeForm(forms.Form):
    """The case that stays, by its number."""

    category = forms.ChoiceField(choices=Category.choices, label=_("Category"), widget=forms.RadioSelect)
    number = CaseNumberField(label=_("Number of the case that stays"))

    def __init__(self, *args, clerk, dropped: Case, **kwargs):
        super().__init__(*args, **kwargs)
        self.clerk, self.dropped = clerk, dropped

    def clean(self):
        cleaned = super().clean()
        number = cleaned.get("number")
        if number and "category" in cleaned:
            cleaned["kept"] = self.find(cleaned["category"], number)
        return cleaned

    def find(self, category: str, number: CaseNumber) -> Case | None:
        """Return the case of a number; a number that was merged into another one means that one."""
        whole = {"court": self.dropped.court_id, "category": category, "number": number}
        cases = Case.objects.for_clerk(self.clerk)
        merged = MergedCase.objects.of_number(**whole).order_by("-merged_at")
        kept = cases.of_number(**whole).first() or cases.filter(pk__in=merged.values("case")[:1]).first()
        if kept is None:
            self.add_error("number", _("There is no case of this number at this court."))
        elif kept == self.dropped:
            self.add_error("number", _("A case cannot be merged into itself."))
        return kept


class WithdrawalForm(forms.Form):
    """Why an entry is taken back. The reason stays in the house: people are told only that it was withdrawn."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=200,
        help_text=FOR_THE_RECORD,
    )

    def __init__(self, *args, clerk, case: Case | None = None, is_reason_needed: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_reason_needed


class RevocationForm(forms.Form):
    """Why an access is revoked. It stays in the house: nothing is sent about a revocation."""

    reason = forms.ChoiceField(
        label=_("Why it is revoked"),
        choices=[(reason.value, reason.label) for reason in CaseAccess.REVOKED_BECAUSE],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("Remark"),
        max_length=200,
        required=False,
        help_text=FOR_THE_RECORD,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, clerk, **kwargs):
        super().__init__(*args, **kwargs)


class UploadForm(forms.Form):
    """A court's export of progress entries."""

    court = forms.ModelChoiceField(Court.objects.none(), label=_("Court"))
    file = forms.FileField(
        label=pgettext_lazy("import", "File"),
        help_text=_("CSV, NDJSON or XLSX with the headings of the export; up to 100 MB."),
        widget=forms.FileInput({"accept": ".csv,.ndjson,.jsonl,.xlsx,.txt"}),
    )

    def __init__(self, *args, clerk, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["court"].queryset = courts = Court.objects.for_clerk(clerk)
        first_two = list(courts[:2])
        if len(first_two) == 1:
            self.fields["court"].initial = first_two[0]
            self.fields["court"].widget = forms.HiddenInput()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > uploads.MOST_BYTES:
            raise ValidationError(
                _("The file is larger than 100 MB. Cut it up, or send it through the interface.")
            )
        return file


class PostForm(forms.Form):
    """Who is to serve at which court."""

    court = forms.ModelChoiceField(Court.objects.none(), label=_("Court"))
    person = forms.CharField(
        label=_("Account name or e-mail"),
        max_length=254,
        help_text=_("Of a member of staff who has an account for the office already."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, clerk, **kwargs):
        super().__init__(*args, **kwargs)
        self.clerk = clerk
        courts = Court.objects.all() if oversees_courts(clerk) else Court.objects.for_clerk(clerk)
        self.fields["court"].queryset = courts
        first_two = list(courts[:2])
        if len(first_two) == 1:
            self.fields["court"].initial = first_two[0]
            self.fields["court"].widget = forms.HiddenInput()

    def clean_person(self):
        found = clerk_posts.find_member_of_staff(self.cleaned_data["person"])
        if found is None:
            raise ValidationError(
                _("No member of staff with this account name or address works in the office.")
            )
        try:
            clerk_posts.check_assignable(found, by=self.clerk)
        except clerk_posts.NotAssignable as refusal:
            raise ValidationError(str(refusal)) from refusal
        return found


class TokenForm(forms.Form):
    """For which court a token is made, and what it is called."""

    court = forms.ModelChoiceField(Court.objects.none(), label=_("Court"))
    label = forms.CharField(
        label=_("Label"),
        max_length=60,
        help_text=_("Which system or machine uses it, for example: Case system, main hall."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, clerk, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["court"].queryset = courts = Court.objects.for_clerk(clerk)
        first_two = list(courts[:2])
        if len(first_two) == 1:
            self.fields["court"].initial = first_two[0]
            self.fields["court"].widget = forms.HiddenInput()


class CourtContactForm(forms.Form):
    """How and when the court is reached, as litigants read it."""

    PHONE = re.compile(r"\+?[\d()][\d() -]{5,24}(?:\s*(?:#|轉|分機|ext\.?)\s*\d{1,6})?", re.IGNORECASE)

    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        help_text=_("As it is dialled, with an extension if there is one: 02-2314-6871 #123"),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
    )
    hours = TranslatedFormField(
        label=_("Opening hours"),
        max_length=200,
        required=False,
        is_whole=True,
        help_text=_(
            "For instance: 週一至週五 8:30–12:00、13:30–17:30 or Monday to Friday 8:30–12:00, 13:30–17:30"
        ),
        widget=TranslatedInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, clerk, **kwargs):
        super().__init__(*args, **kwargs)

    def clean_phone(self):
        phone = unicodedata.normalize("NFKC", self.cleaned_data["phone"]).strip()
        if phone and not self.PHONE.fullmatch(phone):
            raise ValidationError(
                _("This is not a telephone number. Write figures and hyphens, and # before an extension.")
            )
        return phone
