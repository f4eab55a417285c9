"""The mails about a change of address: the new one is confirmed, the former one is told and can undo it."""

import datetime as dt

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases.address_register import find_by_address
from cpor_cases.mail import links
from cpor_cases.models import CaseAccess, OutgoingMail
from cpor_core import conf
from cpor_core.models import Court

from .base import AT_A_SCREEN, OF_AN_ACCOUNT, Context, Message


class EmailConfirmation(Message):
    kind = "email_confirmation"
    label = _("confirmation of an address")
    subject = _("Confirm your new email address")
    other_subjects = (_("Somebody asked to use your email address"),)
    priority = AT_A_SCREEN
    is_bound_to_its_address = True
    is_in_use = False

    @property
    def template(self) -> str:
        return "address_in_use" if self.is_in_use else self.kind

    @property
    def reader(self):
        """The account's person, unless the address it asks to have is another's."""
        return find_by_address(self.mail.address) or self.mail.account

    def get_context(self) -> Context | None:
        address = EmailAddress.objects.filter(pk=self.mail.about["email_address"], verified=False).first()
        if address is None:
            return None
        # The page says the same for every address. If it has an owner already, the owner is told, and no link is sent.
        self.is_in_use = find_by_address(address.email) not in (None, self.mail.account)
        if self.is_in_use:
            [self.subject] = self.other_subjects
            return {"url": links.to_page("account_login")}
        path = reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])
        return {"username": self.mail.account.username, "url": links.absolute(path)}


class EmailChanged(Message):
    kind = "email_changed"
    label = _("change of an address")
    subject = _("The email address of your account was changed")
    priority = OF_AN_ACCOUNT
    is_bound_to_its_address = True

    def get_context(self) -> Context | None:
        mail = self.mail
        if mail.about.get("undone") or timezone.now() >= end_of_undo(mail):
            return None
        live = CaseAccess.objects.live().filter(account=mail.account)
        courts = Court.objects.filter(cases__accesses__in=live).exclude(phone="").distinct()
        return {
            "username": mail.account.username,
            "url": links.absolute(links.undo_path(mail)),
            "until": timezone.localdate(end_of_undo(mail)),
            "courts": [{"name": str(court), "phone": court.phone} for court in courts],
            "mail": {"created_at": mail.created_at.replace(second=0, microsecond=0)},
        }


def end_of_undo(mail: OutgoingMail) -> dt.datetime:
    """Return until when a change of address can be undone by the link in the mail that told of it."""
    return mail.created_at + dt.timedelta(days=conf.ADDRESS_UNDO_DAYS)
