"""Deciding several applications at once."""

from contextlib import suppress

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages

from cpor_cases.actions import applications, viewing
from cpor_cases.models import Application
from cpor_cases.office.views import (
    HorizonMixin,
    OfficeScreen,
    OnRecordMixin,
)
from cpor_core.keys import key_or_none

from .check_results import Findings
from .forms import RefusalForm
from .previews import ApprovalPreview

TOGETHER_AT_MOST = 100


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
