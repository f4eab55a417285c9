"""The mail with the link by which a member of staff sets up the first second factor."""

from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links
from cpor_cases.models import EnrolmentLink

from .base import OF_AN_ACCOUNT, Context, Message


class SecondFactorLink(Message):
    kind = "second_factor_link"
    label = _("link to set up a second factor")
    subject = _("Set up your second factor")
    priority = OF_AN_ACCOUNT
    is_bound_to_its_address = True
    is_for_staff = True

    def get_context(self) -> Context | None:
        account = self.mail.account
        link = EnrolmentLink.objects.filter(account=account).first()
        if link is None or not link.is_usable() or not account.is_active:
            return None
        return {
            "username": account.username,
            "has_password": account.has_usable_password(),
            "url": links.absolute(links.enrolment_path(link)),
            "expires_at": link.expires_at.replace(second=0, microsecond=0),
        }
