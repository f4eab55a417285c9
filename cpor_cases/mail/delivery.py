"""Delivering mail: the worker's session with the mail server.

A session claims batches of due rows by a lease, sends them over one connection, and records the server's answer row by row. A worker
that dies leaves its lease to run out; another one then sends what was not recorded as sent.
"""

import datetime as dt
import logging
import math
import smtplib
import threading
import time
import uuid
from itertools import zip_longest
from typing import Any, cast

from django.conf import settings
from django.core.mail import get_connection
from django.db import InterfaceError, OperationalError
from django.db import connection as database
from django.utils import timezone
from huey.contrib.djhuey import HUEY, db_task

from cpor_cases.models import BouncedAddress, OutgoingMail
from cpor_core import conf
from cpor_core.task_queue import enqueue, enqueue_on_commit
from cpor_core.worker_slots import SLOTS

from . import bounces, messages, queue, rendering, throttle
from .mime import MailMessage
from .queue import claim
from .smtp_replies import in_short, is_about_the_address, is_about_the_relay, is_tried_again

logger = logging.getLogger(__name__)

State = OutgoingMail.State
# The longest time for one mail, when every step at a slow server takes up to the time-out. A batch ends before its lease.
LONGEST_SENDING = dt.timedelta(seconds=4 * (settings.EMAIL_TIMEOUT or 30))
# A batch has as many mails as are sent in this time, between MAIL_BATCH and LARGEST_BATCH: with a slow server it is
# small, so that all workers have some.
BATCH_SECONDS, LARGEST_BATCH = 0.5, 250
DATABASE_IS_LOST = (OperationalError, InterfaceError)
DatabaseIsLost = OperationalError | InterfaceError
A_MOMENT = 0.05  # seconds by which a task comes later than what it is for
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 2.0  # seconds between two tries to reach the database


class ServerUnreachable(Exception):
    """The mail server cannot be reached: no single mail is the cause."""


CHECK_SECONDS = 0.25  # after which a session checks for something more urgent
_found_no_slot = threading.Event()  # a task that came while all slots of this worker were taken


def enqueue_delivery(at: dt.datetime | None = None) -> None:
    """Enqueue the delivery after the commit, or for the moment `at` if that is still to come."""
    seconds = (at - timezone.now()).total_seconds() if at else 0
    enqueue_on_commit(deliver, delay=seconds + A_MOMENT if seconds > 0 else 0)


@db_task(priority=100)  # before an import or the search index, which may wait
def deliver() -> int:
    """Send due mails in one session of a few seconds, and enqueue another if there may be more; return how many were sent.

    A session is short, so that a worker that is asked to stop can finish the mail it is sending. A worker keeps a thread free
    of sessions; the next of them to end has another one begin, should something have come too late for it.
    """
    sent = _deliver_in_slot()
    if sent is None:
        _found_no_slot.set()
        sent = _deliver_in_slot()  # one may have become free before that was noted
    if sent is None:
        return 0
    if _found_no_slot.is_set():
        _found_no_slot.clear()
        enqueue(deliver)
    return sent


def _deliver_in_slot() -> int | None:
    with SLOTS.for_mail() as is_free:
        return _deliver() if is_free else None


def _deliver() -> int:
    if throttle.is_circuit_open():
        return 0
    session = Session(until=time.monotonic() + conf.MAIL_SESSION_SECONDS)
    sent = session.run()
    if session.is_more:
        enqueue(deliver)
    elif seconds := throttle.seconds_to_next_slot():
        enqueue(deliver, delay=seconds)
    return sent


def deliver_all() -> int:
    """Send every due mail in this process, without the worker; return how many the server took.

    Raises ServerUnreachable after it has released what it could not send.
    """
    session = Session()
    sent = session.run()
    if session.unreachable:
        raise session.unreachable
    return sent


def send(batch: list[OutgoingMail]) -> int:
    """Send a claimed batch over one connection and record each answer; return how many the server took."""
    return Session().send(batch)


class Session:
    """A worker's session with the mail server: batch after batch over one connection."""

    def __init__(self, until: float = math.inf):
        self.until, self.is_more = until, False
        self.most = conf.MAIL_BATCH
        self.server = cast(Any, get_connection())  # any of Django's back ends; ours calls `meanwhile`
        self.server.meanwhile = self._work_while_waiting
        self.is_overlapping = False
        self.taken: list[OutgoingMail] = []  # accepted by the server, not recorded yet
        self.lost: DatabaseIsLost | None = None
        self.following: OutgoingMail | None = None
        self.ahead: tuple[OutgoingMail, MailMessage | None] | None = None
        self.unreachable: ServerUnreachable | None = None
        self.is_new_connection = False
        self.next_check = math.inf
        self.given_back = 0

    def run(self) -> int:
        sent = 0
        with queue.commits_without_waiting():
            while batch := self._claim():
                self.is_more = len(batch) == self.most
                if self.is_more:
                    _enqueue_another()
                began = time.monotonic()
                sent += self.send(batch)
                if self.is_over():
                    break
                self._suit_batches(len(batch) - self.given_back, time.monotonic() - began)
            else:
                self.is_more = False
        return sent

    def _claim(self) -> list[OutgoingMail]:
        lease = uuid.uuid4()
        try:
            return claim(most=self.most, lease=lease)
        except DATABASE_IS_LOST as lost:
            self._settle(lease, lost)  # the commit may have succeeded all the same
            return claim(most=self.most)

    def _suit_batches(self, mails: int, seconds: float) -> None:
        wanted = int(mails * BATCH_SECONDS / max(seconds, 0.001))
        self.most = max(conf.MAIL_BATCH, min(wanted, LARGEST_BATCH))

    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def send(self, batch: list[OutgoingMail]) -> int:
        self.sent = 0
        try:
            self._send(batch)
        except DATABASE_IS_LOST as lost:
            self._settle(batch[0].lease, lost)
        return self.sent

    def _settle(self, lease: uuid.UUID | None, lost: DatabaseIsLost) -> None:
        """Wait until the database is back; then record what the server has taken, and release the rest of the batch.

        Only this worker knows what the server took.
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
                self._record_taken()
                queue.let_go(lease)
                return
            except DATABASE_IS_LOST:
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _send(self, batch: list[OutgoingMail]) -> None:
        last_start = _last_start(batch)
        self.next_check, self.given_back = time.monotonic() + CHECK_SECONDS, 0
        _prefetch(batch)
        try:
            for position, (mail, self.following) in enumerate(zip_longest(batch, batch[1:])):
                if self.is_over() or time.monotonic() > last_start or self._must_make_way(mail):
                    queue.give_back(batch[position:])
                    self.is_more, self.given_back = True, len(batch) - position
                    break
                self._send_one(mail)
        except ServerUnreachable as error:
            self.until, self.is_more, self.unreachable = -math.inf, False, error
            throttle.open_circuit(in_short(str(error)))
            queue.put_back(batch[position:], str(error))
        finally:
            self._record_taken()
            if self.is_over() or len(batch) < self.most:
                self._close()

    def _must_make_way(self, mail: OutgoingMail) -> bool:
        """Whether a mail is due that comes before this one, as far as the last check tells."""
        if mail.priority <= messages.base.OF_AN_ACCOUNT or time.monotonic() < self.next_check:
            return False
        self.next_check = time.monotonic() + CHECK_SECONDS
        return queue.is_due_before(mail)

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
            # A lost connection, a refused sender or a time-out says nothing about the address.
            self._close()
            queue.try_again(mail, _in_words(error))
        except ValueError as error:  # an address that no header or envelope can hold
            self._close()
            queue.try_again(mail, f"not written: {type(error).__name__}")
        else:
            mail.taken_at = timezone.now()
            self.taken.append(mail)
            self.sent += 1
            self._note_answer()
        if self.lost:
            raise self.lost
        if not self.is_overlapping or mail not in self.taken:
            self._record_taken()

    def _hand_over(self, message: MailMessage) -> None:
        message.connection = self.server
        self.server.send_messages([message])

    def _work_while_waiting(self) -> None:
        """Called while the server works: record that it took the last mail, or render the next one.

        An error of the database is raised later: the server's answer must be read first, to know whether it took this mail.
        """
        self.is_overlapping = True
        try:
            if self.lost:
                return
            if self.taken:
                self._record_taken()
            elif self.following and not self.ahead:
                self.ahead = self.following, _written(self.following)
        except DATABASE_IS_LOST as lost:
            self.lost = lost

    def _record_taken(self) -> None:
        while self.taken:
            queue.record_sent(self.taken[0])
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
        """Close the circuit breaker after the first answer about a mail: a server may open and refuse every sender."""
        if self.is_new_connection:
            self.is_new_connection = False
            throttle.close_circuit()

    def _close(self) -> None:
        try:
            self.server.close()
        except (smtplib.SMTPException, OSError):
            self.server.connection = None

    def _note_refused_sender(self, mail: OutgoingMail, refusal: smtplib.SMTPSenderRefused) -> None:
        """Put the mail off. If the operator must act, end the batch: the next mail would be refused as well."""
        self._close()
        said = _in_words(refusal)
        if is_about_the_relay(said):
            raise ServerUnreachable(said)
        queue.try_again(mail, said)

    def _note_refusal(self, mail: OutgoingMail, code: int, answer: bytes | str) -> None:
        self._note_answer()
        words = answer if isinstance(answer, str) else answer.decode("utf-8", "replace")
        said = f"{code} {words}"
        if code == 421:  # the server is closing the connection: RFC 5321, 3.8
            self._close()
        if is_about_the_relay(said):
            throttle.report_refusal_by_relay(mail.pk, in_short(said))
        if is_tried_again(said):
            queue.try_again(mail, said)
            return
        if is_about_the_address(said):
            bounces.mark(mail.address, answer=said, hardness=BouncedAddress.Hardness.HARD)
        queue.end(mail, State.FAILED, said)


def _last_start(batch: list[OutgoingMail]) -> float:
    """Return until when, on the monotonic clock, a mail of a batch may be begun and still end under its lease."""
    lease = cast(dt.datetime, batch[0].leased_until) - timezone.now()
    return time.monotonic() + (min(lease, queue.LEASE) - LONGEST_SENDING).total_seconds()


def _enqueue_another() -> None:
    """Let one more worker help with a long queue, unless one is enqueued already."""
    if HUEY.immediate:
        return
    try:
        if not HUEY.pending_count():
            enqueue(deliver)
    except Exception:  # this worker goes on alone; the clock enqueues the others
        logger.exception("no further worker can be enqueued")


def _prefetch(batch: list[OutgoingMail]) -> None:
    """Read the data of the whole batch at once. If that fails, each mail reads its own, and only the bad one fails."""
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
