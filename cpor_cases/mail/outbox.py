"""The one lane by which mail leaves.

`post` writes a row in the transaction of the deed that causes it; after the commit the worker is woken. `deliver`
claims batches of due rows by a lease, sends them over one connection to the mail server, and notes the server's
answer row by row. The queue only rings: were its message lost, the clock's next tick finds the rows. A worker that dies leaves its
lease to run out, and another one sends what it had not noted as sent.
"""

import datetime as dt
import logging
import math
import smtplib
import time
import uuid
from collections.abc import Iterable
from itertools import zip_longest

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db import connection as database
from django.utils import timezone
from huey.contrib.djhuey import HUEY, db_task

from cpor_cases.models import BouncedAddress, CaseAccess, ImportRun, OutgoingMail
from cpor_cases.models.outgoing_mails import make_message_id
from cpor_core.models import Court
from cpor_core.task_queue import enqueue, enqueue_on_commit

from . import bounces, messages, queue, rendering, throttle
from .mime import MailMessage
from .queue import claim
from .smtp_replies import in_short, is_about_the_address, is_about_the_relay, is_tried_again

logger = logging.getLogger(__name__)

State = OutgoingMail.State
# One mail may take this long when every step of a slow server runs into the time-out; a batch stops in time.
LONGEST_SENDING = dt.timedelta(seconds=4 * settings.EMAIL_TIMEOUT)
# A batch is as large as takes so long, between MAIL_BATCH and this many: a slow server's is small, so that all workers
# have something in hand.
BATCH_SECONDS, LARGEST_BATCH = 0.25, 100
DATABASE_IS_LOST = (OperationalError, InterfaceError)
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 2.0  # seconds between two tries to reach the database
MANY_MAILS = 1000  # of one import: before so many leave, the database counts them


class ServerUnreachable(Exception):
    """The mail server cannot be spoken to at all: no row is to blame."""


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
        priority=messages.MESSAGES[kind].priority,
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


def post_all(mails: Iterable[OutgoingMail]) -> None:
    """Write many mails at once, in the transaction of the deed that causes them."""
    OutgoingMail.objects.bulk_create(mails, batch_size=500)
    wake_worker()


def release_progress_mails(run: ImportRun, at: dt.datetime) -> int:
    """Let the mails of a run that has ended go `at` that moment, and return how many they are."""
    held = OutgoingMail.objects.of_run(run).filter(state=State.HELD)
    released = held.update(state=State.WAITING, not_before=at, next_attempt_at=at)
    if released >= MANY_MAILS:
        transaction.on_commit(queue.renew_statistics, robust=True)
    wake_worker()
    return released


def hurry_progress_mails(run: ImportRun, now: dt.datetime) -> int:
    """Let the mails of a run that wait for their time go now, and return how many they are."""
    waiting = OutgoingMail.objects.of_run(run).waiting().filter(not_before__gt=now)
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
    """Enqueue the delivery after the commit."""
    enqueue_on_commit(deliver)


@db_task(priority=100)  # before an import or the search index, which may wait
def deliver() -> int:
    """Send what is due for one turn of a few seconds, and ring again if there may be more; return how many were taken.

    A turn is short, so that a worker that is asked to stop can finish what it has in hand.
    """
    if throttle.is_silent():
        return 0
    turn = _Turn(until=time.monotonic() + settings.MAIL_TURN_SECONDS)
    sent = turn.run()
    if turn.is_more:
        enqueue(deliver)
    elif seconds := throttle.seconds_to_next_slot():
        enqueue(deliver, delay=seconds)
    return sent


def deliver_all() -> int:
    """Send every mail that is due, here and now, without the worker; return how many the server took.

    Raises ServerUnreachable when it has put back what it could not send.
    """
    turn = _Turn()
    sent = turn.run()
    if turn.unreachable:
        raise turn.unreachable
    return sent


def send(batch: list[OutgoingMail]) -> int:
    """Send a claimed batch over one connection and note each answer as it comes; return how many were taken."""
    return _Turn().send(batch)


class _Turn:
    """One worker's time at the mail server: batch after batch over one connection."""

    def __init__(self, until: float = math.inf):
        self.until, self.is_more = until, False
        self.most = settings.MAIL_BATCH
        self.server = get_connection()
        self.server.meanwhile = self._use_the_wait
        self.is_told_of_waits = False
        self.taken: list[OutgoingMail] = []  # by the server; not known yet to be noted
        self.lost: DatabaseError | None = None
        self.following: OutgoingMail | None = None
        self.ahead: tuple[OutgoingMail, MailMessage | None] | None = None
        self.unreachable: ServerUnreachable | None = None
        self.is_new_connection = False

    def run(self) -> int:
        sent = 0
        with queue.notes_at_once():
            while batch := self._claim():
                self.is_more = len(batch) == self.most
                if self.is_more:
                    _ring_for_another()
                began = time.monotonic()
                sent += self.send(batch)
                if self.is_over():
                    break
                self._suit_batches(len(batch), time.monotonic() - began)
            else:
                self.is_more = False
        return sent

    def _claim(self) -> list[OutgoingMail]:
        lease = uuid.uuid4()
        try:
            return claim(most=self.most, lease=lease)
        except DATABASE_IS_LOST as lost:
            self._settle(lease, lost)  # it may have been written all the same
            return claim(most=self.most)

    def _suit_batches(self, mails: int, seconds: float) -> None:
        wanted = int(mails * BATCH_SECONDS / max(seconds, 0.001))
        self.most = max(settings.MAIL_BATCH, min(wanted, LARGEST_BATCH))

    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def send(self, batch: list[OutgoingMail]) -> int:
        self.sent = 0
        try:
            self._send(batch)
        except DATABASE_IS_LOST as lost:
            self._settle(batch[0].lease, lost)
        return self.sent

    def _settle(self, lease: uuid.UUID, lost: DatabaseError) -> None:
        """Wait until the database is back; then note what the server has taken, and give the rest of the batch back.

        Nothing else could be done without it, and nobody else can note what this worker alone knows.
        """
        if database.in_atomic_block:
            raise lost
        self._close()
        logger.warning("the database is away: mails in hand are given back when it answers (%s)", lost)
        self.lost, self.ahead, self.is_more = None, None, True
        pause = SHORTEST_PAUSE
        while True:
            database.close()
            try:
                self._note_taken()
                queue.let_go(lease)
                return
            except DATABASE_IS_LOST:
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _send(self, batch: list[OutgoingMail]) -> None:
        last_start = _last_start(batch)
        _prefetch(batch)
        try:
            for position, (mail, self.following) in enumerate(zip_longest(batch, batch[1:])):
                if self.is_over() or time.monotonic() > last_start:
                    queue.give_back(batch[position:])
                    break
                self._send_one(mail)
        except ServerUnreachable as error:
            self.until, self.is_more, self.unreachable = -math.inf, False, error
            throttle.note_silence(in_short(str(error)))
            queue.put_back(batch[position:], str(error))
        finally:
            self._note_taken()
            if self.is_over() or len(batch) < self.most:
                self._close()

    def _send_one(self, mail: OutgoingMail) -> None:
        message = self._message_of(mail)
        if message is None:
            return
        self._open()
        try:
            self._hand_over(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            self._note_refusal(mail, *next(iter(refusal.recipients.values())))
        except smtplib.SMTPDataError as refusal:
            self._note_refusal(mail, refusal.smtp_code, refusal.smtp_error)
        except smtplib.SMTPSenderRefused as refusal:
            self._note_refused_sender(mail, refusal)
        except (smtplib.SMTPException, OSError) as error:
            # A lost connection, a refused sender, a time-out: not this address's fault.
            self._close()
            queue.try_again(mail, _in_words(error))
        except ValueError as error:  # an address that no header or envelope can hold
            self._close()
            queue.try_again(mail, f"not written: {type(error).__name__}")
        else:
            self.taken.append(mail)
            self.sent += 1
            self._note_answer()
        if self.lost:
            raise self.lost
        if not self.is_told_of_waits or mail not in self.taken:
            self._note_taken()

    def _hand_over(self, message: MailMessage) -> None:
        message.connection = self.server
        self.server.send_messages([message])

    def _use_the_wait(self) -> None:
        """While the server thinks: note that it took the last mail, before it gets the text of another; or write the next.

        Whatever becomes of that, the server's answer is awaited: else nobody would know whether it took the mail in hand.
        """
        self.is_told_of_waits = True
        try:
            if self.lost:
                return
            if self.taken:
                self._note_taken()
            elif self.following and not self.ahead:
                self.ahead = self.following, _written(self.following)
        except DATABASE_IS_LOST as lost:
            self.lost = lost

    def _note_taken(self) -> None:
        while self.taken:
            queue.note_sent(self.taken[0])
            del self.taken[0]

    def _message_of(self, mail: OutgoingMail) -> MailMessage | None:
        ahead, self.ahead = self.ahead, None
        return ahead[1] if ahead and ahead[0] is mail else _written(mail)

    def _open(self) -> None:
        try:
            self.is_new_connection |= bool(self.server.open())
        except (smtplib.SMTPException, OSError) as error:
            raise ServerUnreachable(_in_words(error)) from error

    def _note_answer(self) -> None:
        """The server has spoken of a mail: only then it is no longer silent. One may open and refuse every sender."""
        if self.is_new_connection:
            self.is_new_connection = False
            throttle.end_silence()

    def _close(self) -> None:
        try:
            self.server.close()
        except (smtplib.SMTPException, OSError):
            self.server.connection = None

    def _note_refused_sender(self, mail: OutgoingMail, refusal: smtplib.SMTPSenderRefused) -> None:
        """No address is to blame; and if it is for an operator to mend, the next mail would fare no better."""
        self._close()
        said = _in_words(refusal)
        if is_about_the_relay(said):
            raise ServerUnreachable(said)
        queue.try_again(mail, said)

    def _note_refusal(self, mail: OutgoingMail, code: int, answer: bytes) -> None:
        self._note_answer()
        said = f"{code} {answer.decode('utf-8', 'replace')}"
        if code == 421:  # the server is closing the connection: RFC 5321, 3.8
            self._close()
        if is_about_the_relay(said):
            throttle.note_refusal_by_relay(mail.pk, in_short(said))
        if is_tried_again(said):
            queue.try_again(mail, said)
            return
        if is_about_the_address(said):
            bounces.mark(mail.address, answer=said, hardness=BouncedAddress.Hardness.HARD)
        queue.end(mail, State.FAILED, said)


def _last_start(batch: list[OutgoingMail]) -> float:
    """Return until when, on the clock that nobody sets, a mail of a batch may be begun and still end under its lease."""
    lease = batch[0].leased_until - timezone.now()
    return time.monotonic() + (min(lease, queue.LEASE) - LONGEST_SENDING).total_seconds()


def _ring_for_another() -> None:
    """Let one more worker come to a long queue, unless one is on its way already."""
    if HUEY.immediate:
        return
    try:
        if not HUEY.pending_count():
            enqueue(deliver)
    except Exception:  # the queue is down: this worker sends on alone, the clock rings for the others
        logger.exception("the queue cannot be rung")


def _prefetch(batch: list[OutgoingMail]) -> None:
    """Read at once what the batch is about. If that fails, each mail reads for itself, and only the bad one fails."""
    try:
        messages.prefetch(batch)
    except Exception:
        logger.exception("a batch of %s mails could not be read at once", len(batch))


def _written(mail: OutgoingMail) -> MailMessage | None:
    """Return the rendered message; None if it is no longer of use or cannot be rendered now."""
    try:
        message = rendering.render(mail)
    except Exception as error:  # one mail that cannot be written must not stop the others
        logger.exception("mail %s could not be written", mail.pk)
        queue.try_again(mail, f"not written: {type(error).__name__}")
        return None
    if message is None:
        queue.end(mail, State.DROPPED, "")
    return message


def _in_words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException) and isinstance(error.smtp_error, bytes):
        return f"{error.smtp_code} {error.smtp_error.decode('utf-8', 'replace')}"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
