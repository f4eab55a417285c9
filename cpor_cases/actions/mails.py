"""Sending a mail again that did not arrive."""

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.mail import notifications, outbox, rendering
from cpor_cases.mail.messages import message_of
from cpor_cases.models import Activation, BouncedAddress, CaseAccess, OutgoingMail
from cpor_cases.permissions import require_right

from . import account_activation, bounces

logger = logging.getLogger(__name__)
Kind, State = OutgoingMail.Kind, OutgoingMail.State
# A later mail of these kinds says the same, with a link that lasts as long or longer.
REPLACED_BY_LATER = {
    Kind.ACTIVATION,
    Kind.CASE_ADDED,
    Kind.EMAIL_CONFIRMATION,
    Kind.SECOND_FACTOR_LINK,
    Kind.STAFF_INVITATION,
}
AT_ONCE = 500  # rows in one transaction


class NotAgain(Exception):
    """This mail cannot be sent again: it is waiting, or is no longer of use."""


def can_be_sent_again(mail: OutgoingMail) -> bool:
    """Whether a mail failed or is stopped, or was accepted but not found and a second one makes sense.

    Not if the person may see no case of its court any more: that court must not learn the account's present address.
    Costs a query, unless the mail was read `with_awaited`.
    """
    if mail.court_id is None:
        return False
    is_of_use = mail.state in {State.FAILED, State.STOPPED} or (
        mail.state == State.SENT and mail.kind in {Kind.ACTIVATION, Kind.CASE_ADDED}
    )
    return is_of_use and _is_awaited(mail)


def _is_awaited(mail: OutgoingMail) -> bool:
    if not hasattr(mail, "is_awaited"):
        return OutgoingMail.objects.awaited().filter(pk=mail.pk).exists()
    return mail.is_awaited


def address_for_clerk(mail: OutgoingMail) -> str:
    """Return where a mail would go now if it can be sent again, or else where it went."""
    return mail.account.email if can_be_sent_again(mail) else mail.address


def can_renew_link(activation: Activation, *, by) -> bool:
    """Whether a new link makes sense: the account is inactive and has access to a case of the clerk's courts."""
    rights = CaseAccess.objects.in_force().for_clerk(by).filter(account=activation.account_id)
    return not activation.is_activated and rights.exists()


@transaction.atomic
def send_again(*, mail: OutgoingMail, by, now: dt.datetime | None = None) -> None:
    """Send a mail once more, to the address the account has now.

    An activation mail gets a new link, which voids the old one. A mail that failed is sent under a new Message-ID. If the
    address was marked as bouncing, the mark is deleted and all stopped mails are sent. Raises NotAgain.
    """
    mail = (
        OutgoingMail.objects.select_for_update(of=("self",))
        .select_related("court", "account")
        .get(pk=mail.pk)
    )
    if mail.court is None:
        raise NotAgain
    require_right(by, "change_outgoingmail", mail.court)
    if not can_be_sent_again(mail):
        raise NotAgain
    bounces.clear(mail.account.email, now=now)
    mail.refresh_from_db(fields=["state"])
    if mail.kind == Kind.ACTIVATION:
        _renew_link(mail, by, now)
    elif mail.state in {State.FAILED, State.STOPPED}:
        outbox.take_up([mail], address=mail.account.email, now=now)
    elif mail.state == State.WAITING:
        pass  # it was stopped, and is waiting now like the others
    else:
        notifications.again(mail)
    log(instance=mail, action="cpor_cases.mail.repeat", user=by)


def _renew_link(mail: OutgoingMail, by, now: dt.datetime | None) -> None:
    activation = Activation.objects.get(account=mail.account_id)
    if not can_renew_link(activation, by=by):
        raise NotAgain
    account_activation.unlock(activation=activation, by=by, now=now)


def send_again_in_bulk(*, mails: Iterable[OutgoingMail], by, now: dt.datetime | None = None) -> int:
    """Send several mails once more, each as `send_again` does, and return how many are on their way.

    One that cannot be sent again does not stop the others. An account gets one new link, however many of its mails are
    chosen.
    """
    renewed: set[int | None] = set()
    count = 0
    for mail in mails:
        if mail.kind == Kind.ACTIVATION and mail.account_id in renewed:
            continue
        try:
            send_again(mail=mail, by=by, now=now)
        except NotAgain:
            # It may be waiting already, because of another mail to the same address.
            count += OutgoingMail.objects.waiting().filter(pk=mail.pk).exists()
            continue
        count += 1
        if mail.kind == Kind.ACTIVATION:
            renewed.add(mail.account_id)
    return count


def resend_failed(
    *, since: dt.datetime, answer: str, is_dry_run: bool = False, now: dt.datetime | None = None
) -> tuple[int, int]:
    """Send again the mails that failed at or after `since` with a server's reply that contains `answer`, for an operator
    who has removed the cause; return how many are sent, and how many are not because they are no longer of use.

    An expired link is not sent again, nor a mail that a later one has replaced. An address that was marked by such a
    reply is unmarked, and its stopped mails are sent. Safe to repeat. Each mail is logged.
    """
    again = 0 if is_dry_run else _clear_marks(since, answer, now)
    failed = OutgoingMail.objects.filter(
        state=State.FAILED, ended_at__gte=since, last_answer__icontains=answer
    ).exclude(address="")
    keys = list(failed.order_by("pk").values_list("pk", flat=True))
    useful = _useful(keys)
    for start in range(0, 0 if is_dry_run else len(useful), AT_ONCE):
        again += _take_up(useful[start : start + AT_ONCE], now)
    return (len(useful) if is_dry_run else again), len(keys) - len(useful)


def _clear_marks(since: dt.datetime, answer: str, now: dt.datetime | None) -> int:
    marked = BouncedAddress.objects.hard().filter(last_at__gte=since, answer__icontains=answer)
    return sum(bounces.clear(address, now=now) for address in marked.values_list("address", flat=True))


def _useful(keys: list[int]) -> list[int]:
    """Return the keys of the mails that are still of use, and of several that say the same the last one's."""
    useful: list[int] = []
    said: set[tuple] = set()
    for start in range(0, len(keys), AT_ONCE):
        # The latest come first.
        mails = list(
            OutgoingMail.objects.filter(pk__in=keys[max(0, len(keys) - start - AT_ONCE) : len(keys) - start])
            .select_related("account", "court", "access__case__court")
            .prefetch_related("occasions")
            .order_by("-pk")
        )
        replaced_by = _latest_that_did_not_fail({mail.account_id for mail in mails})
        for mail in mails:
            what = _what_it_says(mail)
            if mail.kind in REPLACED_BY_LATER and (what in said or replaced_by.get(what, 0) > mail.pk):
                continue
            said.add(what)
            if _says_something(mail):
                useful.append(mail.pk)
    return sorted(useful)


def _what_it_says(mail: OutgoingMail) -> tuple:
    cases = tuple(sorted(occasion.access_id for occasion in mail.occasions.all()))
    return mail.kind, mail.account_id, mail.court_id, cases, mail.about.get("email_address")


def _latest_that_did_not_fail(accounts: set[int | None]) -> dict[tuple, int]:
    mails = OutgoingMail.objects.filter(account__in=accounts, kind__in=REPLACED_BY_LATER)
    mails = mails.exclude(state__in=[State.FAILED, State.DROPPED]).order_by("pk")
    mails = mails.prefetch_related("occasions")
    return {_what_it_says(mail): mail.pk for mail in mails}


def _says_something(mail: OutgoingMail) -> bool:
    if message_of(mail).is_of_the_moment:
        return False
    try:
        return rendering.render(mail) is not None
    except Exception:  # one mail that cannot be rendered must not stop the others
        logger.exception("mail %s could not be rendered", mail.pk)
        return False


@transaction.atomic
def _take_up(keys: list[int], now: dt.datetime | None) -> int:
    failed = OutgoingMail.objects.filter(pk__in=keys, state=State.FAILED).order_by("pk")
    mails = list(failed.select_for_update(of=("self",)).select_related("account", "access__case__court"))
    for mail in mails:
        if not message_of(mail).is_bound_to_its_address:
            mail.address = mail.account.email or mail.address
        log(instance=mail, action="cpor_cases.mail.repeat")
    return outbox.take_up(mails, now=now)
