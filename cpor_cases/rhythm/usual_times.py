"""A time of day at which a court usually sends, and the moments of a day that follow from it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

IsWorking = Callable[[dt.date], bool]
ONE_DAY = dt.timedelta(days=1)
LONGEST_HOLIDAYS = 30  # days: no court is closed for longer without its manager saying so


@dataclass(frozen=True)
class UsualTime:
    """One sending that is usual on working days. All times are minutes after the midnight with which its day begins;
    one before midnight is negative."""

    usual: int
    latest: int
    """By when it had nearly always come."""
    opens: int
    """From when on what is sent is this sending, not the one before."""
    place: int = 1
    """The how manieth of the day it is."""
    day_begins: int = 0
    """From when on sendings count as of this day."""
    weekdays: tuple[int, ...] = ()
    """Monday is 0; empty: on every working day."""

    def is_on(self, day: dt.date, is_working: IsWorking) -> bool:
        return is_working(day) and (not self.weekdays or day.weekday() in self.weekdays)


@dataclass(frozen=True)
class Expected:
    """What a court usually has sent by a moment."""

    day: dt.date
    opens_at: dt.datetime
    usual_at: dt.datetime
    due_at: dt.datetime
    place: int
    day_begins_at: dt.datetime

    def is_met(self, sent: Iterable[dt.datetime], by: dt.datetime | None = None) -> bool:
        """Whether it came, `by` a moment: in its own time, or as one of as many on that day."""
        moments = [at for at in sent if by is None or at <= by]
        if any(at >= self.opens_at for at in moments):
            return True
        return sum(at >= self.day_begins_at for at in moments) >= self.place


def expected_on(
    day: dt.date, times: Iterable[UsualTime], *, tolerance: dt.timedelta, is_working: IsWorking
) -> list[Expected]:
    """Return what is expected on a day, in its order; nothing on a holiday or while the court is closed."""
    midnight = timezone.make_aware(dt.datetime.combine(day, dt.time()))

    def moment(minutes: int) -> dt.datetime:
        return midnight + dt.timedelta(minutes=minutes)

    return [
        Expected(
            day=day,
            opens_at=moment(time.opens),
            usual_at=moment(time.usual),
            due_at=moment(time.latest) + tolerance,
            place=time.place,
            day_begins_at=moment(time.day_begins),
        )
        for time in sorted(times, key=lambda time: time.latest)
        if time.is_on(day, is_working)
    ]


def latest_due(
    times: list[UsualTime], now: dt.datetime, *, tolerance: dt.timedelta, is_working: IsWorking
) -> Expected | None:
    """Return what had to come last before `now`; None if nothing has been due for a month."""
    for day in _days_back(timezone.localdate(now)):
        due = [
            each
            for each in expected_on(day, times, tolerance=tolerance, is_working=is_working)
            if each.due_at <= now
        ]
        if due:
            return max(due, key=lambda each: each.due_at)
    return None


def _days_back(today: dt.date) -> Iterator[dt.date]:
    """The days from tomorrow, of which something may be due the evening before, back for a month."""
    for number in range(-1, LONGEST_HOLIDAYS):
        yield today - number * ONE_DAY
