"""The list of applications, and the page of one."""

import datetime as dt

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from cpor_cases.actions import refusals
from cpor_cases.office import searches, timeline
from cpor_cases.office.bulk_views import BulkListMixin
from cpor_cases.office.columns import CaseNumberColumn
from cpor_cases.office.views import DetailView, OfficeListView
from cpor_core.models import Court
from cpor_core.office.columns import MomentColumn

from .check_results import CheckResults
from .columns import AgeColumn, ApplicationStateColumn, ChooseApplicationColumn
from .filters import ApplicationFilterSet
from .forms import ApprovalForm, RefusalForm
from .previews import ApprovalPreview


class ApplicationListView(BulkListMixin, OfficeListView):
    bulk_url_name = "office_applications:bulk"
    bulk_button = gettext_lazy("Decide the chosen ones together")
    bulk_hint = gettext_lazy(
        "Tick what is to be decided alike; the next page shows each before anything happens."
    )
    related = ("case__court", "role")
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
                "case",
                label=_("Case"),
                accessor="case.full_number",
                url_name="office_applications:inspect",
                sort_key="case__year",
            ),
            Column("applicant_name", label=_("Applicant"), sort_key="applicant_name"),
            Column("role", label=_("Role")),
            MomentColumn("received_on", label=_("Received"), sort_key="received_on"),
            AgeColumn("age", label=_("Waits for")),
            ApplicationStateColumn(),
            Column("email", label=pgettext_lazy("person", "Email address")),
        ]
        if Court.objects.for_clerk(self.request.user).count() > 1:
            columns.insert(1, Column("court", label=_("Court"), accessor="case.court"))
        if self.can_choose:
            columns.insert(0, ChooseApplicationColumn(_("Choose all that wait on this page")))
        return columns

    def find(self, queryset, text):
        return searches.applications(queryset, text)

    @cached_property
    def header_buttons(self):
        if not self.user_has_permission("add"):
            return []
        return [
            HeaderButton(_("Scan a petition"), url=reverse("office_applications:scan"), icon_name="view"),
            HeaderButton(
                _("Record an application"), url=reverse("office_applications:add"), icon_name="plus"
            ),
        ]


class ApplicationDetailView(DetailView):
    """The application with its check results, the forms of the decision, and its timeline."""

    related = (
        "case__court",
        "role",
        "petition",
        "recorded_by",
        "decided_by",
        "refusal_reason",
        "account",
        "earlier__refusal_reason",
        "later",
    )
    template_name = "cpor_cases/office/applications/inspect.html"

    @cached_property
    def check_results(self) -> CheckResults:
        return CheckResults.about(self.object, self.request.user)

    def get_context_data(self, **kwargs):
        forms = (
            {}
            if not self.object.is_pending
            else {
                "approval_form": self.make_approval_form(),
                "refusal_form": RefusalForm(),
                "preview": ApprovalPreview(self.object, self.check_results.account),
            }
        )
        return super().get_context_data(
            **{
                "check_results": self.check_results,
                "can_decide": self.user_has_permission("change"),
                "happenings": timeline.of_application(self.object, self.request.user),
                "undo_until": self.get_undo_until(),
                "can_decide_again": refusals.can_be_decided_again(self.object),
                "access": self.object.accesses.live().first(),
                "is_inactive": bool(self.object.account) and not self.object.account.is_active,
            }
            | forms
            | kwargs
        )

    def get_undo_until(self) -> dt.datetime | None:
        is_open = refusals.can_be_taken_back(self.object) and refusals.can_be_decided_again(self.object)
        return refusals.end_of_undo(self.object) if is_open else None

    def make_approval_form(self, *args):
        return ApprovalForm(*args, is_under_other_name=self.check_results.is_under_other_name)

    @cached_property
    def header_buttons(self):
        if not (self.object.is_pending and self.user_has_permission("change")):
            return []
        url = reverse("office_applications:edit", args=[self.object.pk])
        return [HeaderButton(pgettext("button", "Edit"), url=url, icon_name="edit")]
