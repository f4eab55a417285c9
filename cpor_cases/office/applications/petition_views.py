"""Papers of petitions that were filled in on the site: scanned, compared, recorded and approved, several in a row."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cpor_cases.actions import applications, petition_papers, viewing
from cpor_cases.actions.petition_papers import NotToRecord, Obstacle
from cpor_cases.models import Application, Petition
from cpor_cases.office.views import OnRecordMixin
from cpor_core.office.views import OfficeFormView

from .check_results import CheckResults
from .petition_forms import NumberForm, PetitionForm

# None says anything of a petition for another court, not even in which state it is.
SENTENCES = {
    Obstacle.MISTYPED: gettext_lazy(
        "This is not a petition number: one of its ten digits is wrong or missing. Scan or type it again, with the "
        "keyboard set to letters and digits (not to Chinese input)."
    ),
    Obstacle.UNKNOWN: gettext_lazy(
        "No petition has this number, or its time is over and it has been deleted. Record the paper as it stands."
    ),
    Obstacle.OTHER_COURT: gettext_lazy(
        "The petition of this number is for another court: see to which court the paper is addressed."
    ),
    Obstacle.EXPIRED: gettext_lazy(
        "The time to hand this petition in is over. The paper still counts: record it as it stands."
    ),
    Obstacle.RECORDED: gettext_lazy("The paper of this petition has been recorded already."),
}


class ScanView(OfficeFormView):
    """One field for the number of a petition. A paper that was approved leads back here, to the next one."""

    model = Application
    form_class = NumberForm
    page_title = gettext_lazy("Scan a petition")
    template_name = "cpor_cases/office/applications/scan.html"
    index_url_name = "office_applications:index"
    button = gettext_lazy("Open the petition")

    def form_valid(self, form):
        try:
            petition = petition_papers.find(form.cleaned_data["number"], by=self.request.user)
        except NotToRecord as reason:
            return self.refuse(form, reason)
        return redirect("office_applications:petition", petition.pk)

    def refuse(self, form, reason: NotToRecord):
        """Show the field again, empty for the next scan, with why nothing can be recorded by this number."""
        form.add_error("number", SENTENCES[reason.obstacle])
        form.data = form.data.copy()
        form.data["number"] = ""
        return self.render_to_response(self.get_context_data(form=form, recorded=reason.application))


class PetitionView(OnRecordMixin, OfficeFormView):
    """What was typed on the site, as a form: to be compared with the paper, recorded and approved in one step."""

    model = Application
    form_class = PetitionForm
    page_title = gettext_lazy("Record a petition")
    template_name = "cpor_cases/office/applications/petition.html"
    index_url_name = "office_applications:index"
    button = gettext_lazy("Record and approve")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        rows = Petition.objects.for_clerk(request.user).select_related("court", "role")
        self.petition: Petition = get_object_or_404(rows, pk=kwargs["pk"])

    def get(self, request, *args, **kwargs):
        return self.refuse() or super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self.refuse() or super().post(request, *args, **kwargs)

    def refuse(self) -> HttpResponseRedirect | None:
        """Return the way back if the paper was recorded meanwhile, or its time is over."""
        try:
            petition_papers.require_recordable(self.petition, by=self.request.user)
        except NotToRecord as reason:
            return self.go_back(reason)
        return None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"petition": self.petition}

    def get_back_url(self) -> str:
        return reverse("office_applications:scan")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        facts = form.checked_facts
        results = CheckResults(clerk=self.request.user, **facts) if facts else None
        if results and results.is_under_other_name:
            form.asks_same_person = True
        return context | {"petition": self.petition, "check_results": results}

    def show_people(self, context):
        viewing.show(self.request, self.petition)
        if results := context["check_results"]:
            viewing.show_rows(
                self.request, results.rows, title=self.page_title, court_of=lambda row: results.court.pk
            )

    def form_valid(self, form):
        is_approved = self.request.POST.get("action") != "record"
        try:
            application = petition_papers.record(
                petition=self.petition,
                by=self.request.user,
                is_approved=is_approved,
                same_person=form.cleaned_data["same_person"],
                **form.facts,
            )
        except NotToRecord as reason:
            return self.go_back(reason)
        except applications.Forbidden as forbidden:
            form.add_error(None, " ".join(obstacle.sentence for obstacle in forbidden.obstacles))
            return self.form_invalid(form)
        except applications.OtherName:
            form.add_error(
                "same_person", _("The address belongs to an account that does not carry this name.")
            )
            return self.form_invalid(form)
        return self.move_on(application, is_approved)

    def move_on(self, application: Application, is_approved: bool) -> HttpResponseRedirect:
        """Redirect to the next paper, or, if this one is still to be decided, to its page."""
        page = reverse("office_applications:inspect", args=[application.pk])
        if not is_approved:
            messages.success(self.request, _("The application has been recorded. It is yours to decide now."))
            return redirect(page)
        sentence = _("The application has been recorded and approved. Scan the next one.")
        messages.success(self.request, sentence, buttons=[messages.button(page, _("View it"))])
        return redirect("office_applications:scan")

    def go_back(self, reason: NotToRecord) -> HttpResponseRedirect:
        buttons = []
        if reason.application:
            page = reverse("office_applications:inspect", args=[reason.application.pk])
            buttons.append(messages.button(page, _("View it")))
        messages.error(self.request, SENTENCES[reason.obstacle], buttons=buttons)
        return redirect("office_applications:scan")
