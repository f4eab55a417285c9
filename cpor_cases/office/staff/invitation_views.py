"""Open invitations to the office: made, sent again, withdrawn."""

from django.contrib import messages
from django.db.models import Model
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpor_cases.actions import staff_invitations, viewing
from cpor_cases.models import StaffInvitation
from cpor_cases.office.views import ActionView
from cpor_cases.permission_policies import StaffInvitationPolicy
from cpor_core.office.views import OfficeFormView

from .forms import InvitationForm
from .views import TITLE


class InvitationMixin:
    """Limits the rows to the invitations that the reader could have made."""

    model: type[Model] = StaffInvitation
    permission_policy = StaffInvitationPolicy(StaffInvitation)
    index_url_name = "office_staff:index"

    def get_list_label(self) -> str:
        return str(TITLE)

    def get_back_url(self) -> str:
        return reverse(self.index_url_name)


class InviteView(InvitationMixin, OfficeFormView):
    """The answer is the same whether the address is free or a litigant's: the mail tells its owner alone."""

    form_class = InvitationForm
    page_title = gettext_lazy("Invite to the office")
    button = gettext_lazy("Send the invitation")

    def form_valid(self, form):
        facts = {
            name: form.cleaned_data[name] for name in ("email", "last_name", "first_name", "role", "court")
        }
        try:
            staff_invitations.invite(by=self.request.user, **facts)
        except staff_invitations.WorksHere:
            form.add_error(
                "email",
                _(
                    "This person works in the office already. Assign them to a court under “Clerks of the court”."
                ),
            )
            return self.form_invalid(form)
        messages.success(
            self.request, _("The invitation is on its way. The link works once, within 24 hours.")
        )
        return redirect(self.get_back_url())


class InvitationActionView(InvitationMixin, ActionView):
    related = ("role", "court", "account")

    def get_subject(self) -> str:
        return f"{self.object.last_name}{self.object.first_name} · {self.object.address}"

    def show_people(self, context: dict) -> None:
        viewing.show_rows(self.request, [self.object], title=TITLE)


class SendAgainView(InvitationActionView):
    question = gettext_lazy("Send the invitation again?")
    explanation = gettext_lazy(
        "The person gets an email with a new link, which works once, within 24 hours. The earlier link no longer works."
    )
    button = gettext_lazy("Send the link again")

    def post(self, request, *args, **kwargs):
        staff_invitations.send_again(invitation=self.object, by=request.user)
        messages.success(request, _("The invitation is on its way. The link works once, within 24 hours."))
        return redirect(self.get_back_url())


class WithdrawView(InvitationActionView):
    question = gettext_lazy("Withdraw this invitation?")
    explanation = gettext_lazy("The link no longer works. The person is not told.")
    button = gettext_lazy("Withdraw the invitation")
    is_serious = True

    def post(self, request, *args, **kwargs):
        staff_invitations.withdraw(invitation=self.object, by=request.user)
        messages.success(request, _("The invitation has been withdrawn."))
        return redirect(self.get_back_url())
