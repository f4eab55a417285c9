"""Recording and editing an application, with the checks shown while typing."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from cpor_cases.actions import application_corrections, applications, viewing
from cpor_cases.models import Application
from cpor_cases.office.views import ObjectFormView
from cpor_core.keys import key_or_none
from cpor_core.office.views import HorizonMixin, OfficeFormView

from .check_results import CheckResults
from .decision_views import refuse_second_decision
from .forms import ApplicationForm


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
        return redirect("office_applications:inspect", application.pk)


class CheckView(HorizonMixin, View):
    """The check results for the facts typed so far: a fragment that the form shows beside them."""

    model = Application
    permission_required = "add"

    http_method_names = ["post", "options"]  # personal data must not be in a URL

    def post(self, request):
        form = ApplicationForm(request.POST, clerk=request.user)
        facts = form.known_facts
        check_results = (
            CheckResults(clerk=request.user, application_id=self._edited(), **facts) if facts else None
        )
        if check_results:
            viewing.show_rows(
                request,
                check_results.rows,
                title=gettext_lazy("Check while typing"),
                court_of=lambda row: check_results.court.pk,
            )
        return TemplateResponse(
            request,
            "cpor_cases/office/applications/check_results.html",
            {"check_results": check_results, "is_live": True},
        )

    def _edited(self) -> int | None:
        return key_or_none(self.request.POST.get("application"))


class EditView(ObjectFormView):
    """The same form as at the recording, while nothing has been decided."""

    model = Application
    form_class = ApplicationForm
    page_title = gettext_lazy("Edit the application")
    template_name = "cpor_cases/office/applications/form.html"
    index_url_name = "office_applications:index"
    inspect_url_name = "office_applications:inspect"
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
        return redirect("office_applications:inspect", self.object.pk)
