"""Recording, correcting, withdrawing and publishing progress entries typed by hand."""

from django.contrib import messages
from django.forms import Form
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpor_cases.actions import entries as entries_module
from cpor_cases.hearings.of_cases import of_case
from cpor_cases.models import Case, ProgressEntry
from cpor_cases.office.views import ActionView, ObjectFormView
from cpor_core import conf
from cpor_core.models.progress_kinds import HearingEffect

from .forms import ChooseHearingForm, EntryForm, WithdrawalForm
from .merged_cases import MergedLeadsOnMixin


class EntryFormView(ObjectFormView):
    """A progress entry typed by hand."""

    form_class: type[Form] = EntryForm
    template_name = "cpor_cases/office/cases/entry_form.html"
    index_url_name = "office_cases:index"
    inspect_url_name = "office_cases:inspect"

    def get_list_label(self) -> str:
        return str(Case._meta.verbose_name_plural)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            case=self.get_case(), hold=conf.TYPED_ENTRY_HOLD_MINUTES, is_on_hold=self.is_on_hold, **kwargs
        )

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"case": self.get_case()}

    @property
    def is_on_hold(self) -> bool:
        return False

    def get_back_url(self) -> str:
        return reverse("office_cases:inspect", args=[self.get_case().pk])

    def form_valid(self, form):
        try:
            entry = self.take(form)
        except entries_module.NotTaken as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        [entry] = entries_module.with_time_of_mails([entry])
        messages.success(self.request, f"{self.say(entry)} {self.say_when(entry)}".strip())
        return redirect("office_cases:inspect", self.get_case().pk)

    def say(self, entry: ProgressEntry) -> str:
        raise NotImplementedError

    def say_when(self, entry: ProgressEntry) -> str:
        if not entry.told_at:
            return ""
        return _("The emails go out at %(time)s.") % {"time": f"{timezone.localtime(entry.told_at):%H:%M}"}


class RecordEntryView(MergedLeadsOnMixin, EntryFormView):
    model = Case
    page_title = gettext_lazy("Type a progress entry")

    def get_button(self) -> str:
        if conf.TYPED_ENTRY_HOLD_MINUTES:
            return _("Record")
        return _("Record and tell the people in the case")

    def get_case(self) -> Case:
        return self.object

    def take(self, form) -> ProgressEntry:
        return entries_module.record(self.object, form.typed, by=self.request.user)

    def say(self, entry):
        if entry.held_until:
            return _(
                "The progress entry has been recorded. Until it is published you can still take it back."
            )
        return _("The progress entry has been recorded; whoever may see the case is told.")


class CorrectEntryView(EntryFormView):
    model = ProgressEntry
    page_title = gettext_lazy("Correct the progress entry")

    def get_button(self) -> str:
        return _("Correct") if self.is_on_hold else _("Correct and tell the people in the case")

    @property
    def is_on_hold(self) -> bool:
        return self.object.held_until is not None

    def get_base_object_queryset(self):
        standing = super().get_base_object_queryset().filter(withdrawn_at=None)
        return standing.select_related("case__court", "kind")

    def get_case(self) -> Case:
        return self.object.case

    def get_initial(self):
        typed = entries_module.as_typed(self.object)
        is_move = self.object.kind.hearing_effect == HearingEffect.MOVES
        which = typed["moved_from"] if is_move else typed["hearing_at"]
        return typed | {"kind": self.object.kind.name, "which_hearing": which}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"entry": self.object}

    def take(self, form) -> ProgressEntry:
        return entries_module.correct(self.object, form.typed, by=self.request.user)

    def say(self, entry):
        if entries_module.was_never_seen(entry):
            return _("The progress entry has been corrected; nobody had seen it yet.")
        return _("The progress entry has been corrected; whoever may see the case is told.")


class WithdrawEntryView(CorrectEntryView):
    form_class = WithdrawalForm
    template_name = "cpor_cases/office/cases/entry_withdraw.html"

    def get_page_title(self) -> str:
        return _("Take the progress entry back") if self.is_on_hold else _("Withdraw the progress entry")

    def get_button(self) -> str:
        return _("Take back") if self.is_on_hold else _("Withdraw and tell the people in the case")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs() | {"is_reason_needed": not self.is_on_hold}
        del kwargs["entry"]
        return kwargs

    def get_initial(self):
        return {}

    def take(self, form) -> ProgressEntry:
        return entries_module.withdraw(self.object, by=self.request.user, reason=form.cleaned_data["reason"])

    def say(self, entry):
        if entries_module.was_never_seen(entry):
            return _("The progress entry has been taken back; nobody had seen it, nobody is told.")
        return _("The progress entry has been withdrawn; whoever may see the case is told.")


class ChooseHearingView(CorrectEntryView):
    """Says which of several hearings an entry moved or called off."""

    form_class = ChooseHearingForm
    template_name = "cpor_cases/office/cases/choose_hearing.html"

    def get_page_title(self) -> str:
        return _("Which hearing?")

    def get_button(self) -> str:
        return _("Choose and tell the people in the case")

    def get_form_kwargs(self):
        kwargs = EntryFormView.get_form_kwargs(self)
        del kwargs["case"]
        return kwargs | {"mention": of_case(self.object.case_id).mentions.get(self.object.pk)}

    def get_initial(self):
        return {}

    def take(self, form) -> ProgressEntry:
        entries_module.choose_hearing(self.object, form.chosen, by=self.request.user)
        return self.object

    def say(self, entry):
        return _("The hearing is chosen; whoever may see the case is told.")


class PublishEntryView(ActionView):
    """Ends the hold of an entry: people see it and are mailed now."""

    model = ProgressEntry
    related = ("case__court", "kind", "changed_in")
    index_url_name = "office_cases:index"
    question = gettext_lazy("Tell the people at once?")
    explanation = gettext_lazy(
        "The entry is published and the emails go out now; it can no longer be taken back unseen."
    )
    button = gettext_lazy("Send now")

    def get_list_label(self) -> str:
        return str(Case._meta.verbose_name_plural)

    def get_back_url(self) -> str:
        return reverse("office_cases:inspect", args=[self.object.case_id])

    def get_subject(self) -> str:
        return f"{self.object.case} · {self.object}"

    def post(self, request, *args, **kwargs):
        if entries_module.publish_now(self.object, by=request.user):
            messages.success(request, _("The entry is published; whoever may see the case is told now."))
        else:
            messages.info(
                request, _("Nothing is waiting any more: the entry was published or taken back already.")
            )
        return redirect(self.get_back_url())
