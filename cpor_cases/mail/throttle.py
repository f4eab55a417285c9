"""How fast mail is sent, by all workers together: rate limits of receiving servers, and a circuit breaker for our own."""

import datetime as dt
import logging
import random
import time
from collections.abc import Iterable

from django.core.cache import cache
from django.utils import timezone

from cpor_cases.models import OutgoingMail, RateSlot
from cpor_core import conf

logger = logging.getLogger(__name__)

# Cache keys. Those of limits share a prefix, by which they are kept in the database while Redis is away.
OPEN_UNTIL, OPEN_SINCE = "cpor_cases.mail_circuit_open_until", "cpor_cases.mail_circuit_open_since"
RELAY_REFUSES = "cpor_cases.mail_server_refuses"
SLOTS_ENQUEUED = "cpor_cases.mail_slots_enqueued"
FIRST_BREAK, LONGEST_BREAK = 15, 5 * 60
SPREAD = 1.2  # the factor by which a delay is randomly longer, at most
HOUR, DAY = 60 * 60, 24 * 60 * 60
ALL = "*"
# Mails whose slot comes within this time go at once: a batch need not be cut to the tenth of a second.
SLACK = dt.timedelta(seconds=1)


# The circuit breaker: while the mail server cannot be reached, no worker connects to it for a growing pause.


def is_circuit_open() -> bool:
    """Whether the mail server failed so recently that it is not tried yet.

    A pause longer than the longest was stored before the clock was set back: it counts as over.
    """
    left = (cache.get(OPEN_UNTIL) or (0, 0))[0] - time.time()
    return 0 < left <= LONGEST_BREAK * SPREAD


def why_circuit_is_open() -> str:
    """Return in short why the mail server cannot be reached; nothing if it can."""
    return (cache.get(OPEN_SINCE) or (0, ""))[1]


def open_circuit(reason: str) -> None:
    """Leave the server alone for 15, 30, 60 … seconds, up to five minutes, spread by up to a fifth.

    The first time it is logged for the operator, with the reason.
    """
    if cache.add(OPEN_SINCE, (time.time(), reason), DAY):
        logger.error("the mail server cannot be spoken to: %s; mail waits", reason)
    else:
        cache.touch(OPEN_SINCE, DAY)
    times = (cache.get(OPEN_UNTIL) or (0, 0))[1] + 1
    pause = min(FIRST_BREAK * 2 ** (times - 1), LONGEST_BREAK) * random.uniform(1.0, SPREAD)  # noqa: S311
    cache.set(OPEN_UNTIL, (time.time() + pause, times), DAY)


def close_circuit() -> None:
    """Let mails be sent again, because the server answers; log it if it did not before."""
    cache.delete(OPEN_UNTIL)
    since, reason = cache.get(OPEN_SINCE) or (0, "")
    if since and cache.delete(OPEN_SINCE):
        minutes = (time.time() - since) / 60
        logger.warning("the mail server answers again, after %.0f minutes (%s)", minutes, reason)


def report_refusal_by_relay(key: int, answer: str) -> None:
    """Log, once an hour, that the mail server refuses mails for a reason that the operator must remove."""
    if cache.add(RELAY_REFUSES, True, HOUR):
        logger.error("the mail server refuses mail of this site: %s, mail %s", answer, key)


# Rate slots: each mail beyond a limit is put off once, to the moment at which it may be sent.


def has_limits() -> bool:
    return bool(conf.MAIL_PER_MINUTE or conf.MAIL_PER_MINUTE_TO)


def put_off_to_slots(mails: Iterable, now: dt.datetime) -> list[int]:
    """Return the keys of the mails that may go now; put the others off, each to a rate slot of its own, in their order.

    What a person waits for goes at once and takes its slot from the mails that can wait. To be called in the
    transaction that claims the mails: the limits' rows are locked until its end.
    """
    mails = list(mails)
    if not has_limits():
        return [mail.pk for mail in mails]
    slots = _locked_slots({name for mail in mails for name in _names(mail.address)}, now)
    going: list[tuple] = []
    put_off: list[tuple] = []
    for mail in mails:
        at = _slot(mail, slots, now)
        (going if at is None else put_off).append((mail.pk, at))
    OutgoingMail.objects.bulk_update(
        [OutgoingMail(pk=key, next_attempt_at=at, slot_at=at) for key, at in put_off],
        ["next_attempt_at", "slot_at"],
    )
    RateSlot.objects.bulk_update(slots.values(), ["free_at"])
    return [key for key, _at in going]


def _slot(mail, slots: dict[str, RateSlot], now: dt.datetime) -> dt.datetime | None:
    """Take the next free slot for a mail, and return it; None if the mail may go now."""
    if mail.slot_at is not None and mail.slot_at <= now:
        return None
    names = _names(mail.address)
    at = max((slots[name].free_at for name in names), default=now)
    for name in names:
        slots[name].free_at += dt.timedelta(minutes=1) / _limit(name)
    return None if mail.priority <= OutgoingMail.LOWEST_PRIORITY_AT_ONCE or at <= now + SLACK else at


def _locked_slots(names: set[str], now: dt.datetime) -> dict[str, RateSlot]:
    RateSlot.objects.bulk_create(
        (RateSlot(name=name, free_at=now) for name in sorted(names)), ignore_conflicts=True
    )
    locked = RateSlot.objects.select_for_update().filter(name__in=names).order_by("name")
    slots = {slot.name: slot for slot in locked}
    for slot in slots.values():
        slot.free_at = max(slot.free_at, now)
    return slots


def _names(address: str) -> list[str]:
    """Return the limits a mail to `address` counts against: that of all mail, that of its domain."""
    return [name for name in (ALL, address.rpartition("@")[2].lower()) if _limit(name)]


def _limit(name: str) -> int:
    """Return how many mails a minute may go, 0 for any number."""
    if name == ALL:
        return conf.MAIL_PER_MINUTE
    return conf.MAIL_PER_MINUTE_TO.get(name, conf.MAIL_PER_MINUTE_TO.get(ALL, 0))


def seconds_to_next_slot() -> int:
    """Return in how many seconds to enqueue a delivery of the mails that were put off; 0 if there is none to enqueue."""
    if not has_limits():
        return 0
    soon = timezone.now() + dt.timedelta(minutes=1)
    is_waiting = (
        OutgoingMail.objects.waiting().filter(slot_at__isnull=False, next_attempt_at__lte=soon).exists()
    )
    return int(is_waiting and cache.add(SLOTS_ENQUEUED, True, timeout=1))
