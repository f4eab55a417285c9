"""The mail with the link that activates an account. It names the court, not the person or the case (rule 4)."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links
from cpor_cases.models import Activation, OutgoingMail

from .base import OF_AN_ACCOUNT, Context, Message


class ActivationLink(Message):
    kind = "activation"
    label = _("activation")
    subject = _("Activate your account for following your case online")
    priority = OF_AN_ACCOUNT
    is_previewed = True

    @classmethod
    def prefetch(cls, mails: list[OutgoingMail]) -> None:
        activations = Activation.objects.filter(account__in=[mail.account_id for mail in mails])
        of_account = {activation.account_id: activation for activation in activations}
        for mail in mails:
            mail.facts = {"activation": of_account.get(mail.account_id)}

    def get_context(self) -> Context | None:
        activation = self.facts["activation"]
        if activation.is_activated or activation.is_locked or activation.is_expired():
            return None
        return {
            "court": self.mail.court,
            "url": links.absolute(links.activation_path(activation)),
            "expires_at": activation.link_expires_at,
        }

    @classmethod
    def get_sample_context(cls, case) -> Context:
        return {
            "court": case.court,
            "url": links.absolute(reverse("account_activate", args=["…"])),
            "expires_at": timezone.now() + dt.timedelta(days=settings.ACTIVATION_LINK_DAYS),
        }
