"""The mail with the link that activates an account. It names courts, not the person or a case (rule 4)."""

import datetime as dt
from collections import defaultdict

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cpor_cases.mail import links
from cpor_cases.models import Activation, CaseAccess, OutgoingMail
from cpor_core import conf
from cpor_core.models import Court
from cpor_core.punctuation import listed

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
        of_account: dict[int | None, Activation] = {each.account_id: each for each in activations}
        approved: dict[int | None, list[tuple]] = defaultdict(list)
        live = CaseAccess.objects.live().filter(account__in=of_account).select_related("case__court")
        for access in live.order_by("granted_at", "pk"):
            approved[access.account_id].append((access.granted_at, access.case.court))
        for mail in mails:
            courts = [court for at, court in approved[mail.account_id] if at <= mail.created_at]
            mail.facts = {
                "activation": of_account.get(mail.account_id),
                "courts": list(dict.fromkeys([mail.court, *courts])),
            }

    def keep_to_its_court(self) -> bool:
        self.facts["courts"] = [self.mail.court]
        return True

    def get_context(self) -> Context | None:
        activation = self.facts["activation"]
        if activation.is_activated or activation.is_locked or activation.is_expired():
            return None
        return {
            **_approving(self.facts["courts"]),
            "url": links.absolute(links.activation_path(activation)),
            "expires_at": activation.link_expires_at,
        }

    @classmethod
    def get_sample_context(cls, case) -> Context:
        return {
            **_approving([case.court]),
            "url": links.absolute(reverse("account_activate", args=["…"])),
            "expires_at": timezone.now() + dt.timedelta(days=conf.ACTIVATION_LINK_DAYS),
        }


def _approving(courts: list[Court]) -> Context:
    return {"courts": listed(courts), "count": len(courts)}
