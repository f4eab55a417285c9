"""The mail that invites somebody to work in the office; to an address that cannot be used, it says so instead."""

from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links
from cpor_cases.models import EnrolmentLink, StaffInvitation
from cpor_cases.permissions import may_become_staff
from cpor_core.actors import role_name

from .base import OF_AN_ACCOUNT, Context, Message


class StaffInvitationMail(Message):
    kind = "staff_invitation"
    label = _("invitation to the office")
    subject = _("You are invited to the office")
    other_subjects = (_("This address cannot be used for the office"),)
    priority = OF_AN_ACCOUNT
    is_bound_to_its_address = True
    is_in_use = False

    @property
    def template(self) -> str:
        return "staff_address_in_use" if self.is_in_use else self.kind

    def get_context(self) -> Context | None:
        account = self.mail.account
        invitations = StaffInvitation.objects.filter(pk=self.mail.about["invitation"])
        invitation = invitations.select_related("role", "court").first()
        if invitation is None:
            return None
        facts = {"role": role_name(invitation.role), "court": str(invitation.court or "")}
        # Whoever invites is not told whether an address is a litigant's; its owner is.
        self.is_in_use = not may_become_staff(account)
        if self.is_in_use:
            [self.subject] = self.other_subjects
            return facts
        link = EnrolmentLink.objects.filter(account=account).first()
        if link is None or not link.is_usable():
            return None
        url = links.absolute(links.enrolment_path(link))
        return facts | {"url": url, "expires_at": link.expires_at.replace(second=0, microsecond=0)}
