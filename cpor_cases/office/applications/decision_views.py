"""Approving and refusing one application, and correcting the address of an approved one."""

from typing import cast

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cpor_cases.actions import access, application_addresses, applications, refusals
from cpor_cases.models import Application, CaseAccess, OutgoingMail
from cpor_cases.models.applications import ApplicationQuerySet
from cpor_cases.office.views import ActionView, ObjectFormView

from .check_results import pending_after
from .forms import AddressForm, RefusalForm
from .views import ApplicationDetailView


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
        """Redirect with a message on what was done, and buttons for the likely next steps."""
        buttons = []
        if waiting := pending_after(self.object, self.request.user):
            url = reverse("office_applications:inspect", args=[waiting.pk])
            buttons.append(messages.button(url, _("Next pending application")))
        buttons.append(messages.button(reverse("office_applications:add"), _("Record an application")))
        messages.success(self.request, sentence, buttons=buttons)
        return redirect("office_applications:inspect", self.object.pk)


class ApproveView(DecisionView):
    form_name = "approval_form"

    def make_form(self):
        return self.make_approval_form(self.request.POST)

    def decide(self, form):
        same_person = form.cleaned_data.get("same_person", False)
        try:
            granted = applications.approve(
                application=self.object, by=self.request.user, same_person=same_person
            )
        except applications.Forbidden as forbidden:
            sentences = " ".join(obstacle.sentence for obstacle in forbidden.obstacles)
            messages.error(self.request, sentences)
            return self.come_back(form)
        except applications.OtherName:  # the account was created after this page was rendered
            del self.check_results
            return self.come_back(self.make_form())
        if granted.application_id != self.object.pk and granted.account.is_active:
            return self.move_on(
                _("The application has been approved. The person follows the case already: no email is sent.")
            )
        return self.move_on(_approved_in_words(granted))


def _approved_in_words(granted: CaseAccess) -> str:
    """Return what was done, and when the person is told: later approvals of a day in one email."""
    mails = OutgoingMail.objects.waiting().filter(occasions__access=granted, not_before__gt=timezone.now())
    if mail := mails.first():
        said = _(
            "The application has been approved. The email leaves at %(time)s, with all that is approved today."
        )
        return said % {"time": f"{timezone.localtime(mail.not_before):%H:%M}"}
    return _("The application has been approved. The email is on its way.")


class RefuseView(DecisionView):
    form_name = "refusal_form"

    def make_form(self):
        return RefusalForm(self.request.POST)

    def decide(self, form):
        reason = form.cleaned_data["reason"]
        applications.refuse(application=self.object, by=self.request.user, reason=reason)
        return self.move_on(_("The application has been refused. Nothing is sent to the applicant."))


class RefusedApplicationView(ActionView):
    """An action on an application that was refused."""

    model = Application
    related = ("case__court", "refusal_reason")
    index_url_name = "office_applications:index"
    inspect_url_name = "office_applications:inspect"


class TakeBackView(RefusedApplicationView):
    """Makes an application that was refused by mistake pending again, within minutes."""

    question = gettext_lazy("Take the refusal back?")
    explanation = gettext_lazy(
        "The application waits for a decision again. Nobody has been told of the refusal."
    )
    button = gettext_lazy("Take the refusal back")

    def post(self, request, *args, **kwargs):
        try:
            refusals.take_back(application=self.object, by=request.user)
        except refusals.NotRefused:
            messages.error(request, _("This refusal can no longer be taken back. You can decide again."))
        else:
            messages.success(
                request, _("The refusal has been taken back. The application is yours to decide.")
            )
        return redirect(self.get_detail_url())


class DecideAgainView(RefusedApplicationView):
    """Records the paper of a refused application anew; the refusal stays on record."""

    question = gettext_lazy("Decide on this paper again?")
    explanation = gettext_lazy(
        "The same paper is recorded anew, with the day on which it came in, and waits for a decision. The refusal stays "
        "on record; each of the two names the other."
    )
    button = gettext_lazy("Record anew and go on to the decision")

    def post(self, request, *args, **kwargs):
        try:
            anew = refusals.decide_again(application=self.object, by=request.user)
        except refusals.NotRefused:
            messages.error(request, _("Somebody has decided on this paper again already."))
            return redirect(self.get_detail_url())
        messages.success(request, _("The paper has been recorded anew. It is yours to decide now."))
        return redirect("office_applications:inspect", anew.pk)


class ReaddressView(ObjectFormView):
    """The mail went to a wrong address: say the right one, and the link goes there."""

    model = Application
    form_class = AddressForm
    page_title = gettext_lazy("Correct the address")
    template_name = "cpor_cases/office/applications/change_address.html"
    index_url_name = "office_applications:index"
    inspect_url_name = "office_applications:inspect"
    button = gettext_lazy("Correct and send the email there")

    def get_base_object_queryset(self):
        rows = cast(ApplicationQuerySet, super().get_base_object_queryset())
        return rows.approved().select_related("case__court", "account")

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
            # The account was created after the form was validated.
            return self.form_invalid(self.get_form())
        except application_addresses.NothingToMove:
            form.add_error(
                "email", _("This address has an access to the case already, or none is left to move.")
            )
            return self.form_invalid(form)
        messages.success(self.request, _("The address has been corrected; the email is on its way."))
        return redirect("office_applications:inspect", self.object.pk)


def refuse_second_decision(request, application: Application) -> HttpResponseRedirect:
    """Redirect with a message on who has decided already."""
    application = Application.objects.select_related("decided_by").get(pk=application.pk)
    messages.error(
        request,
        _("%(person)s has decided on this application already: %(state)s.")
        % {
            "person": application.decider_name,
            "state": application.get_status_display(),
        },
    )
    return redirect("office_applications:inspect", application.pk)
