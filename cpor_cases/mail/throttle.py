"""How fast mail leaves, over all workers together: the limits of receiving servers, and a server that is silent."""

import datetime as dt
import logging
import random
import time
from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from cpor_cases.models import MailSlot, OutgoingMail

logger = logging.getLogger(__name__)

# Keys of the cache. All of ours that limit something begin alike: without Redis they lie in the database.
SILENT, SILENT_SINCE = "cpor_cases.mail_server_silent", "cpor_cases.mail_server_silent_since"
RELAY_REFUSES = "cpor_cases.mail_server_refuses"
SLOTS_RUNG = "cpor_cases.mail_slots_rung"
FIRST_SILENCE, LONGEST_SILENCE = 15, 5 * 60
SPREAD = 1.2  # by so much at most a pause is longer
HOUR, DAY = 60 * 60, 24 * 60 * 60
ALL = "*"
# Mails whose slot comes within this time go at once: a batch need not be cut to the tenth of a second.
SLACK = dt.timedelta(seconds=1)


# A mail server that cannot be spoken to: nobody knocks for a growing pause, and then one after the other.


def is_silent() -> bool:
    """Whether the mail server was silent so lately that it is not tried yet.

    A pause that would last longer than any was noted before the clock was set back: it is over.
    """
    left = (cache.get(SILENT) or (0, 0))[0] - time.time()
    return 0 < left <= LONGEST_SILENCE * SPREAD


def why_silent() -> str:
    """Return the reason why the mail server cannot be spoken to, in short; nothing if it can."""
    return (cache.get(SILENT_SINCE) or (0, ""))[1]


def note_silence(reason: str) -> None:
    """Leave the server alone for 15, 30, 60 … seconds, up to five minutes, spread by up to a fifth.

    The first time it is told to the operator, with the reason.
    """
    if cache.add(SILENT_SINCE, (time.time(), reason), DAY):
        logger.error("the mail server cannot be spoken to: %s; mail waits", reason)
    else:
        cache.touch(SILENT_SINCE, DAY)
    times = (cache.get(SILENT) or (0, 0))[1] + 1
    pause = min(FIRST_SILENCE * 2 ** (times - 1), LONGEST_SILENCE) * random.uniform(1.0, SPREAD)  # noqa: S311
    cache.set(SILENT, (time.time() + pause, times), DAY)


def end_silence() -> None:
    """The server answers. If it did not before, that is told to the operator."""
    cache.delete(SILENT)
    since, reason = cache.get(SILENT_SINCE) or (0, "")
    if since and cache.delete(SILENT_SINCE):
        minutes = (time.time() - since) / 60
        logger.warning("the mail server answers again, after %.0f minutes (%s)", minutes, reason)


def note_refusal_by_relay(key: int, answer: str) -> None:
    """Tell the operator, once an hour, that the mail server refuses mails for what an operator must mend."""
    if cache.add(RELAY_REFUSES, True, HOUR):
        logger.error("the mail server refuses mail of this site: %s, mail %s", answer, key)


# Slots: each mail beyond a limit is put off once, to the moment at which it may go.


def has_limits() -> bool:
    return bool(settings.MAIL_PER_MINUTE or settings.MAIL_PER_MINUTE_TO)


def put_off_to_slots(mails: Iterable, now: dt.datetime) -> list[int]:
    """Return the keys of the mails that may go now; put the others off to a slot of their own, in their order.

    What a person waits for goes at once and takes its slot from the mails that can wait. To be called in the
    transaction that claims the mails: the limits' rows are locked until its end.
    """
    mails = list(mails)
    if not has_limits():
        return [mail.pk for mail in mails]
    slots = _locked_slots({name for mail in mails for name in _names(mail.address)}, now)
    going, put_off = [], []
    for mail in mails:
        at = _slot(mail, slots, now)
        (going if at is None else put_off).append((mail.pk, at))
    OutgoingMail.objects.bulk_update(
        [OutgoingMail(pk=key, next_attempt_at=at, slot_at=at) for key, at in put_off],
        ["next_attempt_at", "slot_at"],
    )
    MailSlot.objects.bulk_update(slots.values(), ["free_at"])
    return [key for key, _at in going]


def _slot(mail, slots: dict[str, MailSlot], now: dt.datetime) -> dt.datetime | None:
    """Take the next free slot for a mail, and return it; None if the mail may go now."""
    if mail.slot_at is not None and mail.slot_at <= now:
        return None
    names = _names(mail.address)
    at = max((slots[name].free_at for name in names), default=now)
    for name in names:
        slots[name].free_at += dt.timedelta(minutes=1) / _limit(name)
    return None if mail.priority < OutgoingMail.LOWEST_PRIORITY or at <= now + SLACK else at


def _locked_slots(names: set[str], now: dt.datetime) -> dict[str, MailSlot]:
    MailSlot.objects.bulk_create(
        (MailSlot(name=name, free_at=now) for name in sorted(names)), ignore_conflicts=True
    )
    slots = MailSlot.objects.select_for_update().filter(name__in=names).order_by("name")
    slots = {slot.name: slot for slot in slots}
    for slot in slots.values():
        slot.free_at = max(slot.free_at, now)
    return slots


def _names(address: str) -> list[str]:
    """Return the limits a mail to `address` counts against: that of all mail, that of its domain."""
    return [name for name in (ALL, address.rpartition("@")[2].lower()) if _limit(name)]


def _limit(name: str) -> int:
    """Return how many mails a minute may go, 0 for any number."""
    if name == ALL:
        return settings.MAIL_PER_MINUTE
    return settings.MAIL_PER_MINUTE_TO.get(name, settings.MAIL_PER_MINUTE_TO.get(ALL, 0))


def seconds_to_next_slot() -> int:
    """Return when to ring for the mails that were put off, if nobody has been told to yet; else 0."""
    if not has_limits():
        return 0
    soon = timezone.now() + dt.timedelta(minutes=1)
    is_waiting = (
        OutgoingMail.objects.waiting().filter(slot_at__isnull=False, next_attempt_at__lte=soon).exists()
    )
    return int(is_waiting and cache.add(SLOTS_RUNG, True, timeout=1))
