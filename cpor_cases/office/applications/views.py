"""Applications: the list, the form, the decision."""

from contextlib import suppress

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.widgets.button import HeaderButton

from cpor_cases.actions import access, application_addresses, application_corrections, applications, viewing
from cpor_cases.models import Application
from cpor_cases.office import searches, timeline
from cpor_cases.office.columns import (
    AgeColumn,
    ApplicationStateColumn,
    CaseNumberColumn,
    ChooseColumn,
    Column,
    MomentColumn,
)
from cpor_cases.office.filters import ApplicationFilterSet
from cpor_cases.office.forms import AddressForm, ApplicationForm, ApprovalForm, RefusalForm
from cpor_cases.office.views import (
    DetailView,
    HorizonMixin,
    ObjectFormView,
    OfficeFormView,
    OfficeListView,
    OfficeScreen,
    OnRecordMixin,
)
from cpor_core.keys import key_or_none
from cpor_core.models import Court

from .check_results import Findings, pending_after
from .previews import ApprovalPreview

DETAIL = "office_applications:inspect"
TOGETHER_AT_MOST = 100


class ApplicationListView(OfficeListView):
    related = ("case__court", "role")
    results_template_name = "cpor_cases/office/applications/list_results.html"
    stacks = True
    filterset_class = ApplicationFilterSet
    is_searchable = True
    default_ordering = "-recorded_at"
    empty_message = gettext_lazy(
        "When a form has come in, record it here: the case, the applicant, the address."
    )

    @cached_property
    def columns(self):
        columns = [
            CaseNumberColumn(
                "case", label=_("Case"), accessor="case.full_number", url_name=DETAIL, sort_key="case__year"
            ),
            Column("applicant_name", label=_("Applicant"), sort_key="applicant_name"),
            Column("role", label=_("Role")),
            MomentColumn("received_on", label=_("Received"), sort_key="received_on"),
            AgeColumn("age", label=_("Waits for")),
            ApplicationStateColumn(),
            Column("email", label=_("E-mail")),
        ]
        if Court.objects.for_clerk(self.request.user).count() > 1:
            columns.insert(1, Column("court", label=_("Court"), accessor="case.court"))
        if self.can_decide_together:
            columns.insert(0, ChooseColumn("choose", label=pgettext("button", "Choose")))
        return columns

    @cached_property
    def can_decide_together(self) -> bool:
        return self.user_has_permission("change")

    def find(self, queryset, text):
        return searches.applications(queryset, text)

    @cached_property
    def header_buttons(self):
        if not self.user_has_permission("add"):
            return []
        return [
            HeaderButton(_("Record an application"), url=reverse("office_applications:add"), icon_name="plus")
        ]


class RecordView(OfficeFormView):
    """The paper is typed in; the decision page follows."""

    model = Application
    form_class = ApplicationForm
    page_title = gettext_lazy("Record an application")
    template_name = "cpor_cases/office/applications/form.html"
    index_url_name = "office_applications:index"
    button = gettext_lazy("Record and go on to the decision")

    def get_initial(self):
        """Take over the person of an earlier application: `?like=` adds a case for somebody known."""
        if like := self.request.GET.get("like"):
            earlier = self.get_known_rows().filter(pk=key_or_none(like)).first()
            if earlier:
                viewing.show(self.request, earlier)
                return self.initial_like(earlier)
        return super().get_initial()

    def get_known_rows(self):
        return Application.objects.for_clerk(self.request.user).select_related("case__court", "role")

    @staticmethod
    def initial_like(earlier: Application) -> dict:
        known = ApplicationForm.initial_of(earlier)
        kept = ("court", "category", "applicant_name", "role", "email", "email_again", "language")
        return {name: known[name] for name in kept}

    def form_valid(self, form):
        application = applications.record(by=self.request.user, **form.facts)
        messages.success(self.request, _("The application has been recorded. It is yours to decide now."))
        return redirect(DETAIL, application.pk)


class CheckView(HorizonMixin, View):
    """What the records say about the facts typed so far: a fragment the form shows beside them."""

    model = Application
    permission_required = "add"

    http_method_names = ["post", "options"]  # what is typed stands in no address

    def post(self, request):
        form = ApplicationForm(request.POST, clerk=request.user)
        facts = form.known_facts
        findings = Findings(clerk=request.user, application_id=self._edited(), **facts) if facts else None
        if findings:
            viewing.show_rows(
                request,
                findings.rows,
                title=gettext_lazy("Check while typing"),
                court_of=lambda row: findings.court.pk,
            )
        return TemplateResponse(
            request,
            "cpor_cases/office/applications/check_results.html",
            {"findings": findings, "is_live": True},
        )

    def _edited(self) -> int | None:
        return key_or_none(self.request.POST.get("application"))


class ApplicationDetailView(DetailView):
    """All facts, what the law forbids, what else is known, the decision, and everything that happened."""

    related = ("case__court", "role", "recorded_by", "decided_by", "refusal_reason", "account")
    template_name = "cpor_cases/office/applications/inspect.html"

    @cached_property
    def findings(self) -> Findings:
        return Findings.about(self.object, self.request.user)

    def get_context_data(self, **kwargs):
        forms = (
            {}
            if not self.object.is_pending
            else {
                "approval_form": self.make_approval_form(),
                "refusal_form": RefusalForm(),
                "preview": ApprovalPreview(self.object, self.findings.account),
            }
        )
        return super().get_context_data(
            **{
                "findings": self.findings,
                "can_decide": self.user_has_permission("change"),
                "happenings": timeline.of_application(self.object, self.request.user),
                "access": self.object.accesses.live().first(),
                "is_asleep": bool(self.object.account) and not self.object.account.is_active,
            }
            | forms
            | kwargs
        )

    def make_approval_form(self, *args):
        return ApprovalForm(*args, is_under_other_name=self.findings.is_under_other_name)

    @cached_property
    def header_buttons(self):
        if not (self.object.is_pending and self.user_has_permission("change")):
            return []
        url = reverse("office_applications:edit", args=[self.object.pk])
        return [HeaderButton(pgettext("button", "Edit"), url=url, icon_name="edit")]


class EditView(ObjectFormView):
    """The same form as at the recording, while nothing has been decided."""

    model = Application
    form_class = ApplicationForm
    page_title = gettext_lazy("Edit the application")
    template_name = "cpor_cases/office/applications/form.html"
    index_url_name = "office_applications:index"
    inspect_url_name = DETAIL
    button = pgettext_lazy("button", "Save")

    def dispatch(self, request, *args, **kwargs):
        if not self.object.is_pending:
            return refuse_second_decision(request, self.object)
        return super().dispatch(request, *args, **kwargs)

    def get_base_object_queryset(self):
        return super().get_base_object_queryset().select_related("case__court", "role")

    def get_initial(self):
        return ApplicationForm.initial_of(self.object)

    def form_valid(self, form):
        try:
            application_corrections.edit(application=self.object, by=self.request.user, **form.facts)
        except applications.NotPending:
            return refuse_second_decision(self.request, self.object)
        messages.success(self.request, _("The application has been changed."))
        return redirect(DETAIL, self.object.pk)


class DecisionView(ApplicationDetailView):
    """A decision is posted; the page it was made on comes back if it cannot be taken."""

    http_method_names = ["post"]
    permission_required = "change"

    def post(self, request, *args, **kwargs):
        form = self.make_form()
        if not form.is_valid():
            return self.come_back(form)
        try:
            return self.decide(form)
        except applications.NotPending:
            return refuse_second_decision(request, self.object)

    def come_back(self, form):
        return self.render_to_response(self.get_context_data(**{self.form_name: form}))

    def move_on(self, sentence: str) -> HttpResponseRedirect:
        """Say what was done, and offer what most likely comes next."""
        buttons = []
        if waiting := pending_after(self.object, self.request.user):
            url = reverse(DETAIL, args=[waiting.pk])
            buttons.append(messages.button(url, _("Next pending application")))
        buttons.append(messages.button(reverse("office_applications:add"), _("Record an application")))
        messages.success(self.request, sentence, buttons=buttons)
        return redirect(DETAIL, self.object.pk)


class ApproveView(DecisionView):
    form_name = "approval_form"

    def make_form(self):
        return self.make_approval_form(self.request.POST)

    def decide(self, form):
        same_person = form.cleaned_data.get("same_person", False)
        try:
            applications.approve(application=self.object, by=self.request.user, same_person=same_person)
        except applications.Forbidden as forbidden:
            sentences = " ".join(obstacle.sentence for obstacle in forbidden.obstacles)
            messages.error(self.request, sentences)
            return self.come_back(form)
        except applications.OtherName:  # the account came to be after this page was drawn
            del self.findings
            return self.come_back(self.make_form())
        return self.move_on(_("The application has been approved. The mail is on its way."))


class RefuseView(DecisionView):
    form_name = "refusal_form"

    def make_form(self):
        return RefusalForm(self.request.POST)

    def decide(self, form):
        reason = form.cleaned_data["reason"]
        applications.refuse(application=self.object, by=self.request.user, reason=reason)
        return self.move_on(_("The application has been refused. Nothing is sent to the applicant."))


class TogetherView(OnRecordMixin, HorizonMixin, OfficeScreen, TemplateView):
    """Several applications decided alike. Whatever asks for a second look is left for one by one."""

    model = Application
    permission_required = "change"
    template_name = "cpor_cases/office/applications/bulk_approve.html"
    page_title = gettext_lazy("Decide together")
    index_url_name = "office_applications:index"

    def get_context_data(self, **kwargs):
        chosen = [Findings.about(application, self.request.user) for application in self.chosen]
        approvable = [findings for findings in chosen if not findings.sentences]
        return super().get_context_data(
            **{
                "chosen": chosen,
                "approvable": approvable,
                "others": [findings for findings in chosen if findings.sentences],
                "previews": self.get_previews(approvable),
                "refusal_form": RefusalForm(),
                "back_url": self.back_url,
            }
            | kwargs
        )

    def show_people(self, context):
        viewing.show_rows(self.request, self.chosen, title=self.page_title)

    def get_previews(self, approvable: list[Findings]) -> list[tuple[ApprovalPreview, int]]:
        """What would be told, one mail of each kind for all alike, and to how many."""
        applications_by_key = {application.pk: application for application in self.chosen}
        alike: dict[tuple, list[ApprovalPreview]] = {}
        for findings in approvable:
            preview = ApprovalPreview(applications_by_key[findings.application_id], findings.account)
            alike.setdefault((preview.kind, preview.is_link_locked, preview.does_bounce), []).append(preview)
        return [(previews[0], len(previews)) for previews in alike.values()]

    @cached_property
    def chosen(self) -> list[Application]:
        """The pending ones among what was ticked, within the horizon."""
        ticked = (self.request.POST or self.request.GET).getlist("id")
        keys = [key for each in ticked if (key := key_or_none(each))][:TOGETHER_AT_MOST]
        rows = self.get_rows().pending().filter(pk__in=keys)
        return list(rows.select_related("case__court", "role").order_by("received_on", "pk"))

    @property
    def back_url(self) -> str:
        return reverse(self.index_url_name) + "?status=pending"

    def post(self, request):
        if request.POST.get("action") == "approve":
            return self.finish(self.approve_all(), _("%(count)d applications have been approved."))
        form = RefusalForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(refusal_form=form))
        count = self.refuse_all(form.cleaned_data["reason"])
        return self.finish(count, _("%(count)d applications have been refused. Nothing is sent."))

    def approve_all(self) -> int:
        """Approve each that still may be; one that cannot be taken does not hold up the others."""
        count = 0
        for application in self.chosen:
            with suppress(applications.NotPending, applications.Forbidden, applications.OtherName):
                applications.approve(application=application, by=self.request.user)
                count += 1
        return count

    def refuse_all(self, reason) -> int:
        count = 0
        for application in self.chosen:
            with suppress(applications.NotPending):
                applications.refuse(application=application, by=self.request.user, reason=reason)
                count += 1
        return count

    def finish(self, count: int, sentence: str) -> HttpResponseRedirect:
        messages.success(self.request, sentence % {"count": count})
        if left := len(self.chosen) - count:
            messages.warning(
                self.request,
                _("%(count)d could not be decided now; look at them one by one.") % {"count": left},
            )
        return redirect(self.back_url)


class ReaddressView(ObjectFormView):
    """The mail went to a wrong address: say the right one, and the link goes there."""

    model = Application
    form_class = AddressForm
    page_title = gettext_lazy("Correct the address")
    template_name = "cpor_cases/office/applications/change_address.html"
    index_url_name = "office_applications:index"
    inspect_url_name = DETAIL
    button = gettext_lazy("Correct and send the mail there")

    def get_base_object_queryset(self):
        return super().get_base_object_queryset().approved().select_related("case__court", "account")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"application": self.object}

    def form_valid(self, form):
        facts = form.cleaned_data
        try:
            application_addresses.correct(
                application=self.object,
                email=facts["email"],
                same_person=facts.get("same_person", False),
                by=self.request.user,
            )
        except application_addresses.AlreadyActive:
            sentence = _(
                "The account is in use already. The person changes the address there, after logging in."
            )
            form.add_error(None, sentence)
            return self.form_invalid(form)
        except (application_addresses.OtherName, access.StaffAccount):
            # The account came to be after the form was checked.
            return self.form_invalid(self.get_form())
        except application_addresses.NothingToMove:
            form.add_error(
                "email", _("This address has an access to the case already, or none is left to move.")
            )
            return self.form_invalid(form)
        messages.success(self.request, _("The address has been corrected; the mail is on its way."))
        return redirect(DETAIL, self.object.pk)


def refuse_second_decision(request, application: Application) -> HttpResponseRedirect:
    """Say who was faster."""
    application = Application.objects.select_related("decided_by").get(pk=application.pk)
    messages.error(
        request,
        _("%(person)s has decided on this application already: %(state)s.")
        % {
            "person": application.decided_by.get_full_name() or application.decided_by.username,
            "state": application.get_status_display(),
        },
    )
    return redirect(DETAIL, application.pk)
