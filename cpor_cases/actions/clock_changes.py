"""Moving stored times when a machine's clock is set back."""

import datetime as dt
import logging

from django.db.models import F
from django.utils import timezone

from cpor_cases.mail import queue
from cpor_cases.models import ImportRun, IncomingFile, OutgoingMail, ProgressEntry, RateSlot
from cpor_core.clock import SKEW
from cpor_core.models import Tick

logger = logging.getLogger(__name__)

NOTED_TIME = "time"


def watch() -> None:
    """Detect that the clock was set back, and move what is due later to the new time."""
    now = timezone.now()
    noted, _is_new = Tick.objects.get_or_create(name=NOTED_TIME, defaults={"moment": now})
    step = noted.moment - now
    if step > SKEW:
        logger.warning("the clock was set back by about %s s", int(step.total_seconds()))
        set_back(step, now)
    Tick.objects.filter(name=NOTED_TIME).update(moment=now)


def set_back(step: dt.timedelta, now: dt.datetime) -> None:
    """Shorten by `step` what would last that much longer: waits between attempts, rate slots and holds.

    A lease lasts no longer than a new one, and no heartbeat is later than `now`. A mail that was never tried is sent
    at once; one that was deferred waits for the rest of its time.
    """
    waiting = OutgoingMail.objects.waiting()
    waiting.filter(next_attempt_at__gt=now).update(next_attempt_at=F("next_attempt_at") - step)
    waiting.filter(slot_at__gt=now).update(slot_at=F("slot_at") - step)
    waiting.filter(leased_until__gt=now + queue.LEASE).update(leased_until=now + queue.LEASE)
    RateSlot.objects.filter(free_at__gt=now).update(free_at=F("free_at") - step)
    ProgressEntry.objects.on_hold().filter(held_until__gt=now).update(held_until=F("held_until") - step)
    ImportRun.objects.filter(state=ImportRun.State.RUNNING, heartbeat_at__gt=now).update(heartbeat_at=now)
    IncomingFile.objects.filter(claimed_at__gt=now).update(claimed_at=now)
    IncomingFile.objects.filter(received_at__gt=now).update(received_at=now)
