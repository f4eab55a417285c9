"""The one lane by which mail leaves.

`post` writes a row in the transaction of the deed that causes it; after the commit the worker is woken. `deliver`
claims a batch of due rows by a lease, opens one connection to the mail server, and notes the server's answer row by
row. The queue only rings: were its message lost, the clock's next tick finds the rows. A worker that dies leaves its
lease to run out, and another one sends what it had not noted as sent.
"""

import datetime as dt
import logging
import random
import smtplib
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from huey.contrib.djhuey import db_task

from . import bounces, letters
from .models import BouncedAddress, CaseAccess, Court, ImportRun, OutgoingMail
from .models.mail import make_message_id
from .server_answers import is_about_the_address

logger = logging.getLogger(__name__)

State = OutgoingMail.State
LEASE = dt.timedelta(minutes=5)
# One mail may take this long when every step of a slow server runs into the time-out; a batch stops in time.
LONGEST_SENDING = dt.timedelta(seconds=4 * settings.EMAIL_TIMEOUT)
LONGEST_PAUSE = dt.timedelta(hours=6)


class ServerUnreachable(Exception):
    """The mail server cannot be spoken to at all: no row is to blame."""


def post(
    kind: OutgoingMail.Kind,
    *,
    account,
    court: Court | None = None,
    access: CaseAccess | None = None,
    about: dict | None = None,
    address: str = "",
    not_before: dt.datetime | None = None,
) -> OutgoingMail:
    """Write one mail to be sent to `account`, in the transaction of the deed that causes it, and wake the worker.

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
        priority=OutgoingMail.PRIORITIES.get(kind, OutgoingMail.LOWEST_PRIORITY),
        not_before=not_before,
        next_attempt_at=not_before,
    )
    wake_worker()
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


def post_once(mails: Iterable[OutgoingMail]) -> None:
    """Write mails that each have an `occasion`. One already written for its occasion is not written again."""
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
    wake_worker()


def release_progress_mails(run: ImportRun, at: dt.datetime) -> int:
    """Let the mails of a run that has ended go `at` that moment, and return how many they are."""
    held = OutgoingMail.objects.filter(run=run, state=State.HELD)
    released = held.update(state=State.WAITING, not_before=at, next_attempt_at=at)
    wake_worker()
    return released


def hurry_progress_mails(run: ImportRun, now: dt.datetime) -> int:
    """Let the mails of a run that wait for their time go now, and return how many they are."""
    waiting = OutgoingMail.objects.waiting().filter(run=run, not_before__gt=now)
    hurried = waiting.update(not_before=now, next_attempt_at=now)
    wake_worker()
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
    wake_worker()
    return len(mails)


def wake_worker() -> None:
    """Ring for the worker after the commit. Robust: a queue that is down must not fail a deed that is done."""
    transaction.on_commit(deliver, robust=True)


@db_task()
def deliver() -> int:
    """Send one batch of the mails that are due, and ring again if there may be more; return how many were taken.

    One batch a task, so that a worker that is asked to stop can finish what it has in hand.
    """
    batch = claim()
    sent = send(batch)
    if len(batch) == settings.MAIL_BATCH:
        deliver()
    return sent


def deliver_all() -> int:
    """Send every mail that is due, here and now, without the worker; return how many the server took."""
    sent = 0
    while batch := claim():
        sent += send(batch)
    return sent


def claim(now: dt.datetime | None = None) -> list[OutgoingMail]:
    """Take the next due mails under a lease, so that no other worker sends them while it lasts."""
    now = now or timezone.now()
    with transaction.atomic():
        due = OutgoingMail.objects.due(now).order_by("priority", "next_attempt_at", "id")
        due = due.select_for_update(
            of=("self",), skip_locked=database.features.has_select_for_update_skip_locked
        )
        found = due.annotate(bounces=bounces.to_bouncing_address()).values_list("pk", "bounces")
        found = list(found[: settings.MAIL_BATCH])
        keys = [key for key, does_bounce in found if not does_bounce]
        kept_back = OutgoingMail.objects.filter(pk__in=[key for key, does_bounce in found if does_bounce])
        kept_back.update(state=State.STOPPED)
        lease = uuid.uuid4()
        OutgoingMail.objects.filter(pk__in=keys).update(lease=lease, leased_until=now + LEASE)
    if found and not keys:
        return claim(now)  # all of these are kept back; those behind them are due all the same
    mine = OutgoingMail.objects.filter(lease=lease) if keys else OutgoingMail.objects.none()
    related = ("account", "court", "access__case__court")
    return list(mine.select_related(*related).order_by("priority", "next_attempt_at", "id"))


def send(batch: list[OutgoingMail]) -> int:
    """Send a claimed batch over one connection and note each answer as it comes; return how many were taken."""
    if not batch:
        return 0
    server = get_connection()
    sent = 0
    try:
        for position, mail in enumerate(batch):
            if timezone.now() + LONGEST_SENDING > mail.leased_until:
                _give_back(batch[position:])
                break
            sent += _send_one(mail, server)
    except ServerUnreachable as error:
        for mail in batch[position:]:
            _try_again(mail, str(error))
    finally:
        _close(server)
    return sent


def _send_one(mail: OutgoingMail, server) -> bool:
    message = _written(mail)
    if message is None:
        return False
    _open(server)
    try:
        message.connection = server
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refusal:
        _note_refusal(mail, server, *next(iter(refusal.recipients.values())))
    except smtplib.SMTPDataError as refusal:
        _note_refusal(mail, server, refusal.smtp_code, refusal.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        # A lost connection, a refused sender, a time-out: not this address's fault.
        _close(server)
        _try_again(mail, _in_words(error))
    else:
        _end(mail, State.SENT, "250")
        return True
    return False


def _written(mail: OutgoingMail):
    """Return the rendered message; None if it is no longer of use or cannot be rendered now."""
    try:
        message = letters.render(mail)
    except Exception as error:  # one mail that cannot be written must not stop the others
        logger.exception("mail %s could not be written", mail.pk)
        _try_again(mail, f"not written: {type(error).__name__}")
        return None
    if message is None:
        _end(mail, State.DROPPED, "")
    return message


def _open(server) -> None:
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as error:
        raise ServerUnreachable(_in_words(error)) from error


def _close(server) -> None:
    try:
        server.close()
    except (smtplib.SMTPException, OSError):
        server.connection = None


# Notes on the row. Each holds only while the lease is ours.


def _note_refusal(mail: OutgoingMail, server, code: int, answer: bytes) -> None:
    said = f"{code} {answer.decode('utf-8', 'replace')}"
    if code == 421:  # the server is closing the connection: RFC 5321, 3.8
        _close(server)
    if 500 <= code < 600:
        if is_about_the_address(said):
            bounces.mark(mail.address, answer=said, hardness=BouncedAddress.Hardness.HARD)
        _end(mail, State.FAILED, said)
    else:
        _try_again(mail, said)


def _try_again(mail: OutgoingMail, answer: str) -> None:
    """Put the mail off for a growing pause; after MAIL_RETRY_HOURS give it up."""
    now = timezone.now()
    if now - mail.not_before >= dt.timedelta(hours=settings.MAIL_RETRY_HOURS):
        _end(mail, State.FAILED, answer)
        return
    _note(
        mail,
        next_attempt_at=now + pause_after(mail.attempts + 1),
        attempts=F("attempts") + 1,
        last_answer=answer,
    )


def pause_after(attempts: int) -> dt.timedelta:
    """Return the pause after so many attempts: 1, 2, 4 … minutes up to six hours, spread by up to a fifth."""
    pause = min(dt.timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_PAUSE)
    return pause * random.uniform(1.0, 1.2)  # noqa: S311 (no secret: only so that not all knock at once)


def _end(mail: OutgoingMail, state: OutgoingMail.State, answer: str) -> None:
    attempts = F("attempts") if state == State.DROPPED else F("attempts") + 1
    _note(mail, state=state, ended_at=timezone.now(), attempts=attempts, last_answer=answer)


def _note(mail: OutgoingMail, *, last_answer: str, **fields) -> None:
    mine = OutgoingMail.objects.filter(pk=mail.pk, lease=mail.lease)
    mine.update(lease=None, leased_until=None, last_answer=last_answer[:500], **fields)


def _give_back(mails: list[OutgoingMail]) -> None:
    for mail in mails:
        OutgoingMail.objects.filter(pk=mail.pk, lease=mail.lease).update(lease=None, leased_until=None)


def _in_words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException) and isinstance(error.smtp_error, bytes):
        return f"{error.smtp_code} {error.smtp_error.decode('utf-8', 'replace')}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
