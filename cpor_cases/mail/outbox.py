"""Posting mail: a mail is a row, written in the transaction of the action that causes it. `delivery` sends it.

Only `notifications` posts. After the commit a worker is told; if that message is lost, the clock's next tick finds the rows.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from cpor_cases.models import CaseAccess, HearingNotice, ImportRun, OutgoingMail
from cpor_cases.models.outgoing_mails import make_message_id
from cpor_core.models import Court

from . import messages, queue
from .delivery import enqueue_delivery

State = OutgoingMail.State
URGENT = messages.base.OF_AN_ACCOUNT  # of a hearing within days: before all other news
MANY_MAILS = 1000  # of one import: PostgreSQL's statistics are renewed before so many are sent


def post(
    kind: str,
    *,
    account,
    court: Court | None = None,
    access: CaseAccess | None = None,
    about: dict | None = None,
    address: str = "",
    not_before: dt.datetime | None = None,
) -> OutgoingMail:
    """Write one mail to be sent to `account`, in the transaction of the action that causes it, and tell a worker.

    It goes to the account's address unless another `address` is given (one that is to be confirmed, or was replaced).
    """
    not_before = not_before or timezone.now()
    mail = OutgoingMail.objects.create(
        kind=kind,
        account=account,
        address=address or account.email,
        court=court,
        access=access,
        about=about or {},
        priority=messages.MESSAGES[kind].priority,
        not_before=not_before,
        next_attempt_at=not_before,
    )
    enqueue_delivery()
    return mail


def hold_progress_mails(run: ImportRun, recipients: Iterable[dict]) -> None:
    """Write one progress mail for each recipient of a run, once per person and run, held until the run has ended.

    `recipients` are rows of account, address and court (None where the news come from several courts).
    """
    OutgoingMail.objects.bulk_create(
        (
            OutgoingMail(
                kind=OutgoingMail.Kind.PROGRESS,
                account_id=recipient["account"],
                address=recipient["address"],
                court_id=recipient["court"],
                run=run,
                state=State.HELD,
            )
            for recipient in recipients
        ),
        ignore_conflicts=True,
        batch_size=500,
    )


def put_urgent_first(run: ImportRun) -> None:
    """Send the held mails of a run that tell of a changed hearing of the next days before all others, whichever of its
    batches they were written with."""
    told = HearingNotice.objects.mailed().filter(run=run)
    held = OutgoingMail.objects.of_run(run).filter(state=State.HELD)
    held.filter(account__in=told.values("access__account")).update(priority=URGENT)


def post_once(mails: Iterable[OutgoingMail]) -> None:
    """Write mails that each have an `occasion`. One already written for its occasion is not written again."""
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
    enqueue_delivery()


def post_all(mails: Iterable[OutgoingMail]) -> None:
    """Write many mails at once, in the transaction of the action that causes them."""
    OutgoingMail.objects.bulk_create(mails, batch_size=500)
    enqueue_delivery()


def release_progress_mails(run: ImportRun, at: dt.datetime) -> int:
    """Let the mails of a run that has ended go `at` that moment, and return how many they are."""
    held = OutgoingMail.objects.of_run(run).filter(state=State.HELD)
    released = held.update(state=State.WAITING, not_before=at, next_attempt_at=at)
    if released >= MANY_MAILS:
        transaction.on_commit(queue.renew_statistics, robust=True)
    enqueue_delivery()
    return released


def hurry_progress_mails(run: ImportRun, now: dt.datetime) -> int:
    """Let the mails of a run that wait for their time go now, and return how many they are."""
    waiting = OutgoingMail.objects.of_run(run).waiting().filter(not_before__gt=now)
    hurried = waiting.update(not_before=now, next_attempt_at=now)
    enqueue_delivery()
    return hurried


def take_up(mails: Iterable[OutgoingMail], *, address: str = "", now: dt.datetime | None = None) -> int:
    """Send mails after all that failed or were kept back, to another `address` if one is given; return how many.

    Each goes out as new: under a new Message-ID, so that what a server says of the first one cannot stop the second.
    """
    mails, now = list(mails), now or timezone.now()
    for mail in mails:
        mail.address = address or mail.address
        mail.state, mail.attempts, mail.ended_at = State.WAITING, 0, None
        mail.not_before = mail.next_attempt_at = max(mail.not_before, now)
        mail.message_id = make_message_id()
    fields = ["address", "state", "attempts", "ended_at", "not_before", "next_attempt_at", "message_id"]
    OutgoingMail.objects.bulk_update(mails, fields, batch_size=500)
    enqueue_delivery()
    return len(mails)
