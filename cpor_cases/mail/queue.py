"""The mail queue: a worker claims rows under a lease, and records what became of each mail.

A worker writes only to rows that are still under its own lease.
"""

import datetime as dt
import logging
import random
import uuid
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection as database
from django.db import transaction
from django.db.models import Count, F, Max, Min, Value
from django.db.models.functions import StrIndex, Substr
from django.dispatch import Signal
from django.utils import timezone

from cpor_cases import signals
from cpor_cases.models import OutgoingMail
from cpor_core import conf

from . import bounces, throttle
from .smtp_replies import Meaning, in_short, is_about_the_relay, meaning_of

logger = logging.getLogger(__name__)
# Sent for each mail that has ended, with its `kind`, the `domain` it went to, its `state`, `seconds` since it was to be sent,
# and `to_know`, those since what it tells of was accepted (docs/decisions/0020).
ended = Signal()
State = OutgoingMail.State
LEASE = dt.timedelta(minutes=5)
LONGEST_PAUSE = dt.timedelta(hours=6)
# A cause that the operator removes is removed for all mails: they are tried again sooner.
LONGEST_PAUSE_FOR_RELAY = dt.timedelta(hours=1)
# A mail is not given up after fewer attempts, however old it is: it may have waited for a worker, not for the server.
LEAST_ATTEMPTS = 10
ROUNDS = 20  # batches that are skipped at most, because none of their mails may be sent yet


def claim(
    now: dt.datetime | None = None, most: int | None = None, lease: uuid.UUID | None = None
) -> list[OutgoingMail]:
    """Take the next due mails, MAIL_BATCH or `most`, under a lease, so that no other worker sends them while it lasts.

    Those to an address that bounces are kept back; those beyond a limit of the mail server's are put off to their rate slot.
    A caller that may have to release them without having seen the answer names the `lease`.
    """
    now, lease = now or timezone.now(), lease or uuid.uuid4()
    for _ in range(ROUNDS):
        found, taken = _lease_next(now, most or conf.MAIL_BATCH, lease)
        if taken or not found:
            return taken
    return []


@transaction.atomic
def _lease_next(now: dt.datetime, most: int, lease: uuid.UUID) -> tuple[int, list[OutgoingMail]]:
    """Read the next due mails; return how many they are, and those of them that are now leased."""
    due = OutgoingMail.objects.due(now).order_by("priority", "next_attempt_at", "id")
    due = due.select_for_update(of=("self",), skip_locked=database.features.has_select_for_update_skip_locked)
    due = due.annotate(bounces=bounces.to_bouncing_address())
    # No joins: PostgreSQL may have to sort a queue of a hundred thousand rows.
    found = list(due.values_list("pk", "address", "priority", "slot_at", "bounces", named=True)[:most])
    bouncing = [mail.pk for mail in found if mail.bounces]
    if bouncing:
        OutgoingMail.objects.filter(pk__in=bouncing).update(state=State.STOPPED)
    keys = throttle.put_off_to_slots([mail for mail in found if not mail.bounces], now)
    leased = OutgoingMail.objects.filter(pk__in=keys)
    leased.update(lease=lease, leased_until=now + LEASE)
    taken = leased.select_related("account__litigant", "court", "access__case__court")
    return len(found), list(taken.order_by("priority", "next_attempt_at", "id"))


def is_due_before(mail: OutgoingMail, now: dt.datetime | None = None) -> bool:
    """Whether a mail of higher priority is due."""
    return OutgoingMail.objects.due(now or timezone.now()).filter(priority__lt=mail.priority).exists()


def renew_statistics() -> None:
    """Renew PostgreSQL's statistics of the tables that sending reads; autovacuum would do so minutes later.

    With the old ones it reads all of an import for each batch of its mails.
    """
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute(
                "ANALYZE cpor_cases_outgoingmail, cpor_cases_announcement, "
                "cpor_cases_progressentry (case_id, changed_in_id)"
            )


@contextmanager
def commits_without_waiting():
    """Let this connection's commits not wait for the disk: five times as many mails a second (docs/decisions/0012).

    A commit outlives the death of the worker (rule 7). If the machine dies, the last ones may be lost, and these mails go out
    twice, under the same Message-ID.
    """
    if database.in_atomic_block:
        yield
        return
    off, on = {
        "sqlite": ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL"),
        "postgresql": ("SET synchronous_commit TO OFF", "RESET synchronous_commit"),
    }[database.vendor]
    with database.cursor() as cursor:
        cursor.execute(off)
    try:
        yield
    finally:
        with database.cursor() as cursor:
            cursor.execute(on)


# The statement that `end` would run for nearly every mail: building and planning it took longer than running it
# (docs/decisions/0012).
_RECORD_SENT = """
UPDATE cpor_cases_outgoingmail SET state = 'sent', ended_at = {}, taken_at = {}, attempts = attempts + 1,
    last_answer = '250', lease = NULL, leased_until = NULL
WHERE id = {} AND lease = {}
"""
_RECORD_SENT_ON_SQLITE = _RECORD_SENT.format("%s", "%s", "%s", "%s")
_RECORD_SENT_PREPARED = _RECORD_SENT.format("$1", "$1", "$2", "$3").encode()


def record_sent(mail: OutgoingMail) -> None:
    """Record that the server took the mail: when it said so, not when the database could be told."""
    taken_at = mail.taken_at or timezone.now()
    _record_sent(mail, taken_at)
    _tell_end(mail, State.SENT, taken_at)


def _record_sent(mail: OutgoingMail, taken_at: dt.datetime) -> None:
    if database.vendor == "postgresql":
        from psycopg import RawCursor  # only here: a site on SQLite needs no driver of it

        database.ensure_connection()
        with database.wrap_database_errors:
            RawCursor(database.connection).execute(
                _RECORD_SENT_PREPARED, [taken_at, mail.pk, mail.lease], prepare=True
            )
        return
    with database.cursor() as cursor:
        lease = mail.lease and mail.lease.hex
        moment = database.ops.adapt_datetimefield_value(taken_at)
        values = [moment, moment, mail.pk, lease]
        cursor.execute(_RECORD_SENT_ON_SQLITE, values)


def try_again(mail: OutgoingMail, answer: str) -> None:
    """Schedule the next attempt with exponential backoff; give up after MAIL_RETRY_HOURS and LEAST_ATTEMPTS."""
    now = timezone.now()
    is_old = now - mail.not_before >= dt.timedelta(hours=conf.MAIL_RETRY_HOURS)
    if is_old and mail.attempts + 1 >= LEAST_ATTEMPTS:
        end(mail, State.FAILED, answer)
        return
    pause = pause_after(mail.attempts + 1)
    if is_about_the_relay(answer):
        pause = min(pause, LONGEST_PAUSE_FOR_RELAY)
    _note(
        mail,
        next_attempt_at=now + pause,
        slot_at=None,
        attempts=F("attempts") + 1,
        last_answer=answer,
    )


def pause_after(attempts: int) -> dt.timedelta:
    """Return the pause after so many attempts: 1, 2, 4 … minutes up to six hours, spread by up to a fifth."""
    pause = min(dt.timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_PAUSE)
    return pause * random.uniform(1.0, 1.2)  # noqa: S311 (no secret: only so that not all are tried at once)


def end(mail: OutgoingMail, state: OutgoingMail.State, answer: str) -> None:
    """Record how the mail ended."""
    attempts = F("attempts") if state == State.DROPPED else F("attempts") + 1
    now = timezone.now()
    if not _note(mail, state=state, ended_at=now, attempts=attempts, last_answer=answer):
        return
    _tell_end(mail, state, now)
    if state == State.FAILED:
        tell_given_up(mail, answer)


def _tell_end(mail: OutgoingMail, state: OutgoingMail.State, now: dt.datetime) -> None:
    """Log that a mail has ended, with the id of the request that caused it, and how long after it was to be sent.

    Of news that were sent, of which an import causes thousands, only on DEBUG: a line takes 8 % of the time of a mail.
    """
    is_news = state == State.SENT and mail.priority == OutgoingMail.LOWEST_PRIORITY
    seconds = (now - mail.not_before).total_seconds()
    to_know = (now - (mail.accepted_at or mail.not_before)).total_seconds()
    told = {"kind": mail.kind, "domain": domain_of(mail.address), "state": state.value}
    ended.send(OutgoingMail, **told, seconds=seconds, to_know=to_know)
    facts = {"kind": mail.kind, "outcome": state.value, "ms": round(seconds * 1000)}
    level = logging.DEBUG if is_news else logging.INFO
    logger.log(level, "mail %s has ended", mail.pk, extra=facts | {"request": mail.request_id})


def tell_given_up(mail: OutgoingMail, answer: str) -> None:
    """Tell the operator, without naming anybody, and other apps of a mail that did not arrive and is not tried again."""
    logger.warning("mail %s to %s is given up: %s", mail.pk, domain_of(mail.address), in_short(answer))
    failed = {"mail": mail.pk, "kind": mail.kind, "answer": answer}
    signals.send_on_commit(signals.mail_failed, OutgoingMail, **failed)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2] or "nowhere"


def _note(mail: OutgoingMail, *, last_answer: str, **fields) -> int:
    mine = OutgoingMail.objects.filter(pk=mail.pk, lease=mail.lease)
    return mine.update(lease=None, leased_until=None, last_answer=last_answer[:500], **fields)


def give_back(mails: list[OutgoingMail]) -> None:
    """Release mails that were not tried: another worker may take them at once."""
    _mine(mails).update(lease=None, leased_until=None)


def let_go(lease: uuid.UUID | None) -> None:
    """Release whatever is still under a lease."""
    OutgoingMail.objects.waiting().filter(lease=lease).update(lease=None, leased_until=None)


def put_back(mails: list[OutgoingMail], answer: str) -> None:
    """Release mails that could not be sent because the server could not be reached at all.

    They keep their place in the queue. Those that have waited for MAIL_RETRY_HOURS are given up, if they were tried LEAST_ATTEMPTS.
    """
    released = {
        "lease": None,
        "leased_until": None,
        "last_answer": answer[:500],
        "attempts": F("attempts") + 1,
    }
    now = timezone.now()
    last = now - dt.timedelta(hours=conf.MAIL_RETRY_HOURS)
    overdue = _mine(mails).filter(not_before__lte=last, attempts__gte=LEAST_ATTEMPTS - 1)
    given_up = list(overdue.only("pk", "address", "kind"))
    if given_up and overdue.update(state=State.FAILED, ended_at=now, **released):
        for mail in given_up:
            tell_given_up(mail, answer)
    _mine(mails).update(**released)


def _mine(mails: list[OutgoingMail]):
    """Return the rows of one batch that are still under its lease."""
    return OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails], lease=mails[0].lease)


# What an operator is told of mails that wait.

MOST_ANSWERS = 500  # distinct ones that are read


@dataclass
class Refusals:
    """Mails that were tried and still wait, to one domain and for one reason."""

    domain: str
    answer: str  # its codes and meaning
    meaning: Meaning
    oldest: dt.datetime  # when the first of them was to be sent
    count: int = 0
    attempts: int = 0  # of the one that was tried most often

    def __str__(self) -> str:
        return f"{self.domain} {self.count}: {self.answer}, up to {self.attempts} attempts"


def refusals(now: dt.datetime | None = None) -> list[Refusals]:
    """Return why mails that were tried still wait, by domain and reason, the most first."""
    tried = OutgoingMail.objects.waiting().filter(attempts__gt=0, not_before__lte=now or timezone.now())
    domain = Substr("address", StrIndex("address", Value("@")) + 1)
    rows = tried.values(domain=domain, answer=F("last_answer")).annotate(
        count=Count("pk"), attempts=Max("attempts"), oldest=Min("not_before")
    )
    return _by_domain_and_reason(rows.order_by("oldest")[:MOST_ANSWERS])


def _by_domain_and_reason(rows: Iterable[dict]) -> list[Refusals]:
    found: dict[tuple[str, str], Refusals] = {}
    for row in rows:
        key = row["domain"], in_short(row["answer"])
        none_yet = Refusals(*key, meaning=meaning_of(row["answer"]), oldest=row["oldest"])
        group = found.setdefault(key, none_yet)
        group.count += row["count"]
        group.attempts = max(group.attempts, row["attempts"])
        group.oldest = min(group.oldest, row["oldest"])
    return sorted(found.values(), key=lambda group: (-group.count, group.domain, group.answer))
