"""Forms about a case: its entries, its transfer, its merge, its accesses."""

import datetime as dt
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.hearings.of_cases import of_case
from cpor_cases.hearings.standing import Hearing, Mention
from cpor_cases.models import Case, CaseAccess, MergedCase, ProgressEntry
from cpor_core import plausible_dates
from cpor_core.case_numbers import CaseNumber
from cpor_core.formfields import (
    BothCalendarsMomentField,
    CaseNumberField,
    moment_as_typed,
)
from cpor_core.models import Category, ProgressKind
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS, HearingEffect
from cpor_core.office.forms import ClerkForm, as_error_of
from cpor_core.roc_dates import moment_in_both_calendars
from cpor_core.translated.lookups import named

# The log is kept longer than the names of the people (rule 9).
FOR_THE_RECORD = _(
    "For the record of the court; it is not shown to the people in the case. Write no names: the record is kept longer than they are."
)


class KindInput(forms.TextInput):
    """A text input with a `<datalist>` of the kinds: a kind is found by a piece of its name, without a script."""

    template_name = "cpor_cases/office/widgets/kind_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["kinds"] = ProgressKind.objects.all()
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}-kinds"
        return context


class EntryForm(ClerkForm):
    """One progress entry. The intake decides whether it is valid, as for a row of a court's export."""

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
    which_hearing = forms.ChoiceField(
        label=_("Hearing that is moved or called off"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args, case: Case, entry: ProgressEntry | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        self.chosen_kind: ProgressKind | None = None
        self.fields["recorded_at"].initial = timezone.localdate().isoformat()
        hearings = [hearing for hearing in of_case(case.pk).hearings if _is_offered(hearing, entry)]
        which = cast(forms.ChoiceField, self.fields["which_hearing"])
        which.choices = [(moment_as_typed(each.at), in_both_calendars(each)) for each in hearings]
        if not hearings:
            del self.fields["which_hearing"]

    def clean_kind(self):
        typed = self.cleaned_data["kind"].strip()
        kind = ProgressKind.objects.filter(named(typed) | Q(code=typed)).first()
        if kind is None:
            raise ValidationError(_("There is no kind of progress entry with this name."))
        self.chosen_kind = kind
        return kind.code

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        for name, days in (
            ("recorded_at", plausible_dates.of_entry),
            ("hearing_at", plausible_dates.of_hearing),
        ):
            if cleaned.get(name):
                with as_error_of(self, name):
                    days(self.case.year).require_moment(cleaned[name])
        if cleaned.get("courtroom") and not cleaned.get("hearing_at") and "hearing_at" not in self.errors:
            self.add_error("hearing_at", _("A courtroom needs a hearing."))
        if self._is_asked_which(cleaned) and not cleaned.get("which_hearing"):
            self.add_error("which_hearing", _("Choose the hearing that is moved or called off."))
        return cleaned

    @property
    def effect(self) -> str:
        return self.chosen_kind.hearing_effect if self.chosen_kind else HearingEffect.NONE

    def _is_asked_which(self, cleaned: dict) -> bool:
        """Whether the entry has to say which hearing it is about: a cancellation may type the date of another one."""
        if self.effect not in CHANGES_OF_HEARINGS or "which_hearing" not in self.fields:
            return False
        is_typed = self.effect == HearingEffect.CALLS_OFF and cleaned.get("hearing_at")
        return not is_typed and "which_hearing" not in self.errors

    @property
    def typed(self) -> dict[str, str]:
        """The entry as a row of an export: column keys and text values."""
        cleaned = self.cleaned_data
        hearing_at = moment_as_typed(cleaned["hearing_at"]) if cleaned["hearing_at"] else ""
        which = cleaned.get("which_hearing", "") if self.effect in CHANGES_OF_HEARINGS else ""
        is_move = self.effect == HearingEffect.MOVES
        return {
            "recorded_at": moment_as_typed(cleaned["recorded_at"]),
            "kind": cleaned["kind"],
            "detail": cleaned["detail"],
            "hearing_at": hearing_at if is_move else which or hearing_at,
            "courtroom": cleaned["courtroom"],
            "moved_from": which if is_move else "",
        }


def _is_offered(hearing: Hearing, entry: ProgressEntry | None) -> bool:
    """Whether a hearing may be moved or called off by a new entry, or is the one that `entry`, to be corrected, is about."""
    return hearing.stands or (entry is not None and entry.pk in hearing.entries)


def in_both_calendars(hearing: Hearing) -> str:
    return f"{moment_in_both_calendars(hearing.at)} {hearing.courtroom}".strip()


class ChooseHearingForm(ClerkForm):
    """Which of several hearings an entry moved or called off."""

    hearing = forms.ChoiceField(label=_("Hearing that is moved or called off"), widget=forms.RadioSelect)

    def __init__(self, *args, mention: Mention | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = {each.isoformat(): each for each in mention.candidates} if mention else {}
        choices = [(key, moment_in_both_calendars(each)) for key, each in self.candidates.items()]
        cast(forms.ChoiceField, self.fields["hearing"]).choices = choices

    @property
    def chosen(self) -> dt.datetime:
        return self.candidates[self.cleaned_data["hearing"]]


class TransferForm(ClerkForm):
    """The division that takes over the case."""

    division = forms.CharField(
        label=_("Division"), max_length=20, help_text=_("Without the word for division: 孝, not 孝股.")
    )

    def clean_division(self):
        return self.cleaned_data["division"].strip().removesuffix("股")


class MergeForm(ClerkForm):
    """The case that stays, found by its number."""

    category = forms.ChoiceField(choices=Category.choices, label=_("Category"), widget=forms.RadioSelect)
    number = CaseNumberField(label=_("Number of the case that stays"))

    def __init__(self, *args, dropped: Case, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropped = dropped

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        number = cleaned.get("number")
        if number and "category" in cleaned:
            cleaned["kept"] = self.find(cleaned["category"], number)
        return cleaned

    def find(self, category: str, number: CaseNumber) -> Case | None:
        """Return the case of a number, or the case into which this number was merged; add an error if there is none."""
        court = self.dropped.court_id
        cases = Case.objects.for_clerk(self.clerk)
        merged = MergedCase.objects.of_number(court=court, category=category, number=number).order_by(
            "-merged_at"
        )
        kept = (
            cases.of_number(court=court, category=category, number=number).first()
            or cases.filter(pk__in=merged.values("case")[:1]).first()
        )
        if kept is None:
            self.add_error("number", _("There is no case of this number at this court."))
        elif kept == self.dropped:
            self.add_error("number", _("A case cannot be merged into itself."))
        return kept


class WithdrawalForm(ClerkForm):
    """Why an entry is withdrawn. The reason stays at the court: people are told only that it was withdrawn."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=200,
        help_text=FOR_THE_RECORD,
    )

    def __init__(self, *args, case: Case | None = None, is_reason_needed: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_reason_needed


class RevocationForm(ClerkForm):
    """Why an access is revoked. The reason stays at the court: nothing is sent about a revocation."""

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
