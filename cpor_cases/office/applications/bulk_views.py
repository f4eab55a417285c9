"""Deciding several applications at once."""

from contextlib import suppress

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpor_cases.actions import applications
from cpor_cases.models import Application, RefusalReason
from cpor_cases.office.bulk_views import BulkView

from .check_results import CheckResults
from .forms import RefusalForm
from .previews import ApprovalPreview


class BulkDecisionView(BulkView):
    """Applications decided alike. Those with a check result that asks for attention are only listed for approval."""

    model = Application
    template_name = "cpor_cases/office/applications/bulk_approve.html"
    page_title = gettext_lazy("Decide together")
    index_url_name = "office_applications:index"
    skipped_message = gettext_lazy("%(count)d could not be decided now; review them one by one.")

    def load(self, rows: QuerySet) -> list[Application]:
        pending = rows.pending()  # type: ignore[attr-defined]  # rows of the model above
        return list(pending.select_related("case__court", "role").order_by("received_on", "pk"))

    @cached_property
    def check_results(self) -> list[CheckResults]:
        return [CheckResults.about(application, self.request.user) for application in self.chosen]

    def get_context_data(self, **kwargs):
        approvable = [results for results in self.check_results if not results.sentences]
        return super().get_context_data(
            **{
                "chosen": self.check_results,
                "approvable": approvable,
                "others": [results for results in self.check_results if results.sentences],
                "previews": self.get_previews(approvable),
                "refusal_form": RefusalForm(),
            }
            | kwargs
        )

    def get_previews(self, approvable: list[CheckResults]) -> list[tuple[ApprovalPreview, int]]:
        """Return one preview for all applications whose mails are alike, with their number."""
        applications_by_key = {application.pk: application for application in self.chosen}
        alike: dict[tuple, list[ApprovalPreview]] = {}
        for results in approvable:
            preview = ApprovalPreview(applications_by_key[results.application_id], results.account)
            alike.setdefault((preview.kind, preview.is_link_locked, preview.does_bounce), []).append(preview)
        return [(previews[0], len(previews)) for previews in alike.values()]

    def get_back_url(self) -> str:
        return f"{super().get_back_url()}?status=pending"

    def post(self, request, *args, **kwargs):
        if request.POST.get("action") == "approve":
            return self.finish(self.approve_all(), _("%(count)d applications have been approved."))
        form = RefusalForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(refusal_form=form))
        count = self.refuse_all(form.cleaned_data["reason"])
        return self.finish(count, _("%(count)d applications have been refused. Nothing is sent."))

    @transaction.atomic
    def approve_all(self) -> int:
        """Approve the chosen applications, skipping those that cannot be approved; return how many were.

        In one transaction: what one person is told of several leaves as one mail.
        """
        count = 0
        for application in self.chosen:
            with suppress(applications.NotPending, applications.Forbidden, applications.OtherName):
                applications.approve(application=application, by=self.request.user)
                count += 1
        return count

    def refuse_all(self, reason: RefusalReason) -> int:
        """Refuse the chosen applications, skipping those decided meanwhile; return how many were refused."""
        count = 0
        for application in self.chosen:
            with suppress(applications.NotPending):
                applications.refuse(application=application, by=self.request.user, reason=reason)
                count += 1
        return count
