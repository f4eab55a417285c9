"""Sending a mail again that did not arrive."""

import datetime as dt

from django.db import transaction
from wagtail.log_actions import log

from cpor_cases import outbox
from cpor_cases.actions import accounts, bounces
from cpor_cases.models import Activation, CaseAccess, OutgoingMail
from cpor_cases.permissions import require_post

Kind, State = OutgoingMail.Kind, OutgoingMail.State


class NotAgain(Exception):
    """This mail cannot be sent again: it is on its way, or has nothing left to say."""


def can_be_sent_again(mail: OutgoingMail) -> bool:
    """A mail that failed or is kept back; or one that arrived somewhere but was not found, if a second one makes sense."""
    if mail.court_id is None:
        return False
    return mail.state in {State.FAILED, State.STOPPED} or (
        mail.state == State.SENT and mail.kind in {Kind.ACTIVATION, Kind.CASE_ADDED}
    )


def can_renew_link(activation: Activation, *, by) -> bool:
    """Whether a new link makes sense: the account sleeps, and an approval at one of the clerk's courts still lives."""
    living = CaseAccess.objects.live().for_clerk(by).filter(account=activation.account_id)
    return not activation.is_activated and living.exists()


@transaction.atomic
def send_again(*, mail: OutgoingMail, by, now: dt.datetime | None = None) -> None:
    """Send a mail once more, to the address the account has now.

    An activation gets a fresh link, which voids the old one. A mail that failed is taken up again under a new
    Message-ID. If the address was marked as one that bounces, it is tried again, with all that was kept back.
    Raises NotAgain.
    """
    mail = (
        OutgoingMail.objects.select_for_update(of=("self",))
        .select_related("court", "account")
        .get(pk=mail.pk)
    )
    if not can_be_sent_again(mail):
        raise NotAgain
    require_post(by, mail.court)
    bounces.clear(mail.account.email, now=now)
    mail.refresh_from_db(fields=["state"])
    if mail.kind == Kind.ACTIVATION:
        _renew_link(mail, by, now)
    elif mail.state in {State.FAILED, State.STOPPED}:
        outbox.take_up([mail], address=mail.account.email, now=now)
    elif mail.state == State.WAITING:
        pass  # it was kept back, and is on its way with the others
    else:
        outbox.post(mail.kind, account=mail.account, court=mail.court, access=mail.access)
    log(instance=mail, action="cpor_cases.mail.repeat", user=by)


def _renew_link(mail: OutgoingMail, by, now: dt.datetime | None) -> None:
    activation = Activation.objects.get(account=mail.account_id)
    if not can_renew_link(activation, by=by):
        raise NotAgain
    accounts.unlock(activation=activation, by=by, now=now)
