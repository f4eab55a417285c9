"""When periodic tasks are due, and which worker does them.

A task is due from its scheduled moment until a worker has started it, however late: a worker that was stopped for a day starts
each task that it missed once, within a minute. What there is to do, each task reads from the database.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial, wraps

from django.db.models import Max, Q
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from .models import Tick

SKEW = dt.timedelta(minutes=2)  # by which the clocks of two machines may differ


def periodic(*, minutes: int = 1, at: dt.time | None = None):
    """Make a function a periodic task: every so many `minutes` of the hour, or each day `at` a time.

    For each moment one worker runs it, the first to record that in the database. After a clock was set back it runs
    again, so running twice must do no harm.
    """
    moment_of = partial(_moment_of_day, at=at) if at else partial(_moment_of_hour, minutes=minutes)

    def decorate(tick: Callable[[], None]):
        return db_periodic_task(crontab(minute="*"))(once(tick, moment_of, is_due_at_first=at is None))

    return decorate


def _moment_of_hour(now: dt.datetime, *, minutes: int) -> dt.datetime:
    return now.replace(minute=now.minute - now.minute % minutes, second=0, microsecond=0)


_moment_of_minute = partial(_moment_of_hour, minutes=1)


def _moment_of_day(now: dt.datetime, *, at: dt.time) -> dt.datetime:
    local = timezone.localtime(now)
    moment = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return moment if moment <= local else moment - dt.timedelta(days=1)


def once(
    tick: Callable[[], None],
    moment_of: Callable[[dt.datetime], dt.datetime] = _moment_of_minute,
    *,
    is_due_at_first: bool = True,
) -> Callable[[], None]:
    """Let only one worker run what is due: the first to record it.

    A task that never ran is due at once if `is_due_at_first`, or else at its next moment.
    """

    @wraps(tick)
    def run() -> None:
        now = timezone.now()
        if _is_first(f"{tick.__module__}.{tick.__name__}", moment_of(now), now, is_due_at_first):
            tick()

    return run


def _is_first(name: str, moment: dt.datetime, now: dt.datetime, is_due_at_first: bool) -> bool:
    """Record this moment and return whether no worker had. A recorded moment in the future means that the clock was set back."""
    tick, is_new = Tick.objects.get_or_create(name=name, defaults={"moment": moment})
    if is_new:
        return is_due_at_first
    if moment <= tick.moment <= now + SKEW:
        return False
    undone = Q(moment__lt=moment) | Q(moment__gt=now + SKEW)
    return bool(Tick.objects.filter(undone, name=name).update(moment=moment))


def note_start() -> None:
    """Record that a worker is running, before its first full minute."""
    Tick.objects.update_or_create(name="start", defaults={"moment": timezone.now()})


def last_tick() -> dt.datetime | None:
    """Return the last minute in which a worker ran, or None. Moments in the future, from before the clock was set back, do not count."""
    noted = Tick.objects.filter(moment__lte=timezone.now() + SKEW)
    return noted.aggregate(last=Max("moment"))["last"]
