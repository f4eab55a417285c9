"""The mail after the activation: which mails will come, how often, from where, and how a forged one is told."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links
from cpor_cases.models import litigant_of, reminder_days
from cpor_core.punctuation import listed

from .base import NEW_CASE, Context, Message


class Welcome(Message):
    """It promises nothing that the service does not do."""

    kind = "welcome"
    label = _("what emails will come")
    subject = _("Your account is active: which emails you will get")
    priority = NEW_CASE

    def get_context(self) -> Context | None:
        account = self.mail.account
        if not account.is_active:
            return None
        return {
            "username": account.username,
            "sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            "reminder_days": listed(reminder_days.read(litigant_of(account).reminder_days)),
            "url": links.to_page("cpor_cases:cases"),
            "settings_url": links.to_page("cpor_cases:settings"),
        }
