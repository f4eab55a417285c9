"""Cases: the list, one case with all that hangs on it, entries typed by hand, the end of an access."""

from django.conf import settings
from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cpor_cases.actions import access as accesses
from cpor_cases.actions import case_merging, case_transfer, merge_plan, viewing
from cpor_cases.actions import entries as entries_module
from cpor_cases.mail.wording import with_state_in_words
from cpor_cases.models import Case, CaseAccess, MergedCase, OutgoingMail, ProgressEntry
from cpor_cases.office import searches, timeline
from cpor_cases.office.columns import CaseNumberColumn, Column, MomentColumn
from cpor_cases.office.filters import CaseFilterSet
from cpor_cases.office.forms import EntryForm, MergeForm, RevocationForm, TransferForm, WithdrawalForm
from cpor_cases.office.views import ActionView, DetailView, ObjectFormView, OfficeListView
from cpor_core.models import Court

from .lookalikes import lookalikes

DETAIL = "office_cases:inspect"
MAILS_SHOWN = 20


class CaseListView(OfficeListView):
    related = ("court",)
    stacks = True
    filterset_class = CaseFilterSet
    is_searchable = True
    default_ordering = "-pk"
    empty_message = gettext_lazy("A case comes here with its first application or its first progress entry.")

    @cached_property
    def columns(self):
        columns = [
            CaseNumberColumn(
                "case", label=_("Case"), accessor="full_number", url_name=DETAIL, sort_key="year"
            ),
            Column("category", label=_("Category"), accessor="get_category_display", sort_key="category"),
            Column("division", label=_("Division"), sort_key="division"),
            Column("cause", label=_("Cause")),
            MomentColumn("next_hearing_at", label=_("Next hearing"), sort_key=self.hearing_sort_key),
            MomentColumn("last_query_day", label=_("Can be followed until"), sort_key="closed_on"),
        ]
        if Court.objects.for_clerk(self.request.user).count() > 1:
            columns.insert(1, Column("court", label=_("Court")))
        return columns

    @property
    def hearing_sort_key(self) -> str | None:
        """Hearings are put in order only once a period has made them few."""
        is_narrowed = self.request.GET.get("hearing_from") or self.request.GET.get("hearing_to")
        return "next_hearing_at" if is_narrowed else None

    def get_base_queryset(self):
        coming = ProgressEntry.objects.coming_hearings().filter(case=OuterRef("pk")).order_by("hearing_at")
        return super().get_base_queryset().annotate(next_hearing_at=Subquery(coming.values("hearing_at")[:1]))

    def find(self, queryset, text):
        return searches.cases(queryset, text)


class MergedLeadsOnMixin:
    """An address of a case that was merged since leads to the case that stays, and the clerk is told.

    What was sent to it is not recorded there: the clerk looks at the right case first.
    """

    merged: MergedCase | None = None

    def setup(self, request, *args, **kwargs):
        try:
            super().setup(request, *args, **kwargs)
        except Http404:
            self.merged = self.find_merged(kwargs["pk"])
            if self.merged is None:
                raise

    def find_merged(self, key: int) -> MergedCase | None:
        found = MergedCase.objects.filter(former_key=key, case__in=self.get_rows())
        return found.select_related("case").first()

    def dispatch(self, request, *args, **kwargs):
        if self.merged is None:
            return super().dispatch(request, *args, **kwargs)
        sentence = _("Case %(number)s was merged into this one.") % {"number": self.merged.full_number}
        if request.method == "POST":
            messages.warning(request, f"{sentence} {_('Nothing of what you sent was recorded.')}")
        else:
            messages.info(request, sentence)
        return redirect(DETAIL, self.merged.case_id)


class CaseDetailView(MergedLeadsOnMixin, DetailView):
    related = ("court",)
    template_name = "cpor_cases/office/cases/inspect.html"

    def get_context_data(self, **kwargs):
        case, clerk = self.object, self.request.user
        people = CaseAccess.objects.filter(case=case).select_related(
            "account", "application__role", "ended_by", "case"
        )
        mails = OutgoingMail.objects.for_clerk(clerk).about_case(case).select_related("account")
        entries = ProgressEntry.objects.filter(case=case).select_related("kind").newest_first()
        entries = entries_module.with_time_of_mails(entries)
        return super().get_context_data(
            entries=entries,
            waiting=[entry for entry in entries if entry.told_at],
            now=timezone.now(),
            accesses=people.order_by("-granted_at"),
            applications=case.applications.select_related("role"),
            mails=with_state_in_words(mails.order_by("-pk")[:MAILS_SHOWN]),
            can_change=self.user_has_permission("change"),
            merged_here=case.merged_cases.select_related("merged_by").order_by("merged_at"),
            was_merged=MergedCase.objects.of_number(
                court=case.court_id, category=case.category, number=case.full_number
            )
            .select_related("case")
            .order_by("-merged_at")
            .first(),
            happenings=timeline.of_case(case, clerk),
            **kwargs,
        )


class EntryFormView(ObjectFormView):
    """A progress entry typed by hand."""

    form_class = EntryForm
    template_name = "cpor_cases/office/cases/entry_form.html"
    index_url_name = "office_cases:index"
    inspect_url_name = DETAIL

    def get_list_label(self) -> str:
        return str(Case._meta.verbose_name_plural)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            case=self.get_case(), hold=settings.TYPED_ENTRY_HOLD_MINUTES, is_on_hold=self.is_on_hold, **kwargs
        )

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"case": self.get_case()}

    @property
    def is_on_hold(self) -> bool:
        return False

    def get_back_url(self) -> str:
        return reverse(DETAIL, args=[self.get_case().pk])

    def form_valid(self, form):
        try:
            entry = self.take(form)
        except entries_module.NotTaken as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        [entry] = entries_module.with_time_of_mails([entry])
        messages.success(self.request, f"{self.say(entry)} {self.say_when(entry)}".strip())
        return redirect(DETAIL, self.get_case().pk)

    def say(self, entry: ProgressEntry) -> str:
        raise NotImplementedError

    def say_when(self, entry: ProgressEntry) -> str:
        if not entry.told_at:
            return ""
        return _("The mails go out at %(time)s.") % {"time": f"{timezone.localtime(entry.told_at):%H:%M}"}


class RecordEntryView(MergedLeadsOnMixin, EntryFormView):
    model = Case
    page_title = gettext_lazy("Type a progress entry")

    @property
    def button(self) -> str:
        if settings.TYPED_ENTRY_HOLD_MINUTES:
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

    @property
    def page_title(self) -> str:
        return _("Correct the progress entry")

    @property
    def button(self) -> str:
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
        return entries_module.as_typed(self.object) | {"kind": self.object.kind.name}

    def take(self, form) -> ProgressEntry:
        return entries_module.correct(self.object, form.typed, by=self.request.user)

    def say(self, entry):
        if entries_module.was_never_seen(entry):
            return _("The progress entry has been corrected; nobody had seen it yet.")
        return _("The progress entry has been corrected; whoever may see the case is told.")


class WithdrawEntryView(CorrectEntryView):
    form_class = WithdrawalForm
    template_name = "cpor_cases/office/cases/entry_withdraw.html"

    @property
    def page_title(self) -> str:
        return _("Take the progress entry back") if self.is_on_hold else _("Withdraw the progress entry")

    @property
    def button(self) -> str:
        return _("Take back") if self.is_on_hold else _("Withdraw and tell the people in the case")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"is_reason_needed": not self.is_on_hold}

    def get_initial(self):
        return {}

    def take(self, form) -> ProgressEntry:
        return entries_module.withdraw(self.object, by=self.request.user, reason=form.cleaned_data["reason"])

    def say(self, entry):
        if entries_module.was_never_seen(entry):
            return _("The progress entry has been taken back; nobody had seen it, nobody is told.")
        return _("The progress entry has been withdrawn; whoever may see the case is told.")


class PublishEntryView(ActionView):
    """The clerk is sure: people see the entry and are told now, not when the hold is over."""

    model = ProgressEntry
    related = ("case__court", "kind", "changed_in")
    index_url_name = "office_cases:index"
    question = gettext_lazy("Tell the people at once?")
    explanation = gettext_lazy(
        "The entry is published and the mails go out now; it can no longer be taken back unseen."
    )
    button = gettext_lazy("Send now")

    def get_list_label(self) -> str:
        return str(Case._meta.verbose_name_plural)

    def get_back_url(self) -> str:
        return reverse(DETAIL, args=[self.object.case_id])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"subject": f"{self.object.case} · {self.object}"}

    def post(self, request, *args, **kwargs):
        if entries_module.publish_now(self.object, by=request.user):
            messages.success(request, _("The entry is published; whoever may see the case is told now."))
        else:
            messages.info(
                request, _("Nothing waits any more: the entry was published or taken back already.")
            )
        return redirect(self.get_back_url())


class CaseFormView(MergedLeadsOnMixin, ObjectFormView):
    """A form about the case as such."""

    model = Case
    index_url_name = "office_cases:index"
    inspect_url_name = DETAIL

    def get_base_object_queryset(self):
        return super().get_base_object_queryset().select_related("court")

    def get_context_data(self, **kwargs):
        return super().get_context_data(case=self.object, **kwargs)


class TransferView(CaseFormView):
    """The case goes to another division: people see it on the page, nobody is mailed."""

    form_class = TransferForm
    template_name = "cpor_cases/office/cases/transfer.html"
    page_title = gettext_lazy("Transfer to another division")
    button = gettext_lazy("Transfer")

    def get_initial(self):
        return {"division": self.object.division}

    def form_valid(self, form):
        division = form.cleaned_data["division"]
        if case_transfer.transfer(case=self.object, division=division, by=self.request.user):
            messages.success(self.request, _("The case is now with division %(name)s.") % {"name": division})
        else:
            messages.info(self.request, _("The case was with this division already."))
        return redirect(DETAIL, self.object.pk)


class ChooseMergeView(CaseFormView):
    """A case made twice by a slip of the pen: which one stays?"""

    form_class = MergeForm
    template_name = "cpor_cases/office/cases/merge_choose.html"
    page_title = gettext_lazy("Merge into another case")
    button = gettext_lazy("Look at what would happen")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"dropped": self.object}

    def get_initial(self):
        return {"category": self.object.category}

    def form_valid(self, form):
        return redirect("office_cases:merge_into", self.object.pk, form.cleaned_data["kept"].pk)


class MergeView(MergedLeadsOnMixin, ActionView):
    """What a merge would do, and the merge."""

    model = Case
    related = ("court",)
    index_url_name = "office_cases:index"
    inspect_url_name = DETAIL
    template_name = "cpor_cases/office/cases/merge.html"
    question = gettext_lazy("Merge the two cases?")
    button = gettext_lazy("Merge")
    is_serious = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.kept = self.get_rows().select_related("court").filter(pk=kwargs["into"]).first()
        if self.kept is None and self.merged is None:
            self.merged = self.find_merged(kwargs["into"])
            if self.merged is None:
                raise Http404

    def show_people(self, context):
        for case in (self.object, self.kept):
            viewing.show(self.request, case)

    def get_context_data(self, **kwargs):
        plan = merge_plan.MergePlan(self.object, self.kept)
        return super().get_context_data(
            **{"plan": plan, "obstacles": plan.obstacles, "lookalikes": lookalikes(plan)} | kwargs
        )

    def post(self, request, *args, **kwargs):
        number = self.object.full_number
        alike = lookalikes(merge_plan.MergePlan(self.object, self.kept))
        try:
            case_merging.merge(dropped=self.object, kept=self.kept, by=request.user)
        except case_merging.NotMergeable:
            return self.render_to_response(self.get_context_data())
        except Case.DoesNotExist:
            messages.info(request, _("One of the two cases is gone: somebody was faster."))
            return redirect(self.index_url_name)
        messages.success(request, _("Case %(number)s has been merged into this one.") % {"number": number})
        if alike:
            messages.warning(request, _("Some progress entries look alike: withdraw what stands here twice."))
        return redirect(DETAIL, self.kept.pk)


class RevokeView(ObjectFormView):
    """The court ends an access: the mandate ended, the wrong person was let in."""

    model = CaseAccess
    form_class = RevocationForm
    index_url_name = "office_cases:index"
    template_name = "cpor_cases/office/cases/revoke.html"
    page_title = gettext_lazy("Revoke the access?")
    button = pgettext_lazy("access", "Revoke")

    def get_base_object_queryset(self):
        living = super().get_base_object_queryset().live()
        return living.select_related("case__court", "account", "application__role")

    def get_list_label(self) -> str:
        return str(Case._meta.verbose_name_plural)

    def get_back_url(self) -> str:
        return reverse(DETAIL, args=[self.object.case_id])

    def form_valid(self, form):
        accesses.revoke(access=self.object, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("The access has been revoked."))
        return redirect(self.get_back_url())
