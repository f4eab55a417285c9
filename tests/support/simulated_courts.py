"""Courts whose systems send as real ones do, day after day, and how the rhythm that is learnt judges them."""

import datetime as dt
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from cpor_cases.rhythm.learning import LOOKED_BACK, learn
from cpor_cases.rhythm.usual_times import ONE_DAY, Expected, UsualTime, expected_on
from cpor_core.office.working_days import is_working_day

FIRST_DAY = dt.date(2025, 9, 1)
TOLERANCE = dt.timedelta(hours=1)
Habit = Callable[[dt.date, random.Random], list[float]]
"""At which hours of a day a court sends."""


def every_working_day(*hours: float, deviation: float = 0.15, share: float = 1.0) -> Habit:
    """The same hours on each working day, a few minutes sooner or later; on some days not at all."""

    def habit(day: dt.date, chance: random.Random) -> list[float]:
        if not is_working_day(day) or chance.random() > share:
            return []
        return [chance.gauss(hour, deviation) for hour in hours]

    return habit


def on_weekdays(*weekdays: int, hour: float) -> Habit:
    daily = every_working_day(hour)
    return lambda day, chance: daily(day, chance) if day.weekday() in weekdays else []


def every_day(hour: float) -> Habit:
    return lambda day, chance: [chance.gauss(hour, 0.1)]


def after_each_working_day(hour: float) -> Habit:
    """In the night that follows a working day, from Tuesday to Saturday."""
    return lambda day, chance: [chance.gauss(hour, 0.2)] if is_working_day(day - ONE_DAY) else []


def now_and_then(a_day: float) -> Habit:
    """So many times a day on average, at any time, weekends included."""

    def habit(day: dt.date, chance: random.Random) -> list[float]:
        return [chance.uniform(0, 24) for each in range(int(a_day * 10)) if chance.random() < 0.1]

    return habit


def all_day_long(a_day: int) -> Habit:
    """Single calls through the office hours of each working day."""

    def habit(day: dt.date, chance: random.Random) -> list[float]:
        return [chance.uniform(8.5, 17.5) for each in range(a_day)] if is_working_day(day) else []

    return habit


def with_outliers(habit: Habit, share: float = 0.03) -> Habit:
    """Now and then a file hours later."""

    def late(day: dt.date, chance: random.Random) -> list[float]:
        extra = chance.uniform(3, 9) if chance.random() < share else 0
        return [hour + extra for hour in habit(day, chance)]

    return late


def changed(before: Habit, after: Habit, *, on: dt.date) -> Habit:
    return lambda day, chance: (after if day >= on else before)(day, chance)


def quiet_between(habit: Habit, first: dt.date, last: dt.date) -> Habit:
    return lambda day, chance: [] if first <= day <= last else habit(day, chance)


def sendings(habit: Habit, *, days: int, seed: int) -> list[dt.datetime]:
    chance = random.Random(seed)  # noqa: S311 (no secret)
    found = []
    for number in range(days):
        day = FIRST_DAY + dt.timedelta(days=number)
        midnight = dt.datetime.combine(day, dt.time())
        found += [midnight + dt.timedelta(hours=hour) for hour in habit(day, chance)]
    return sorted(found)


@dataclass
class Delay:
    """From when on a court was taken for late."""

    due_at: dt.datetime


def watched(sent: list[dt.datetime], *, days: int) -> Iterator[tuple[list[UsualTime], list[Delay]]]:
    """Learn each night and check whenever something is due; yield each day what was known, and all delays so far."""
    delays: list[Delay] = []
    aware = [timezone.make_aware(at) for at in sent]
    for number in range(days):
        day = FIRST_DAY + dt.timedelta(days=number)
        midnight = dt.datetime.combine(day, dt.time())
        known = sent[bisect_left(sent, midnight - LOOKED_BACK) : bisect_left(sent, midnight)]
        times = learn(known, is_working=is_working_day)
        night, next_night = timezone.make_aware(midnight), timezone.make_aware(midnight + ONE_DAY)
        for expected in _due_between(times, night, next_night):
            by_then = aware[bisect_left(aware, night - 30 * ONE_DAY) : bisect_right(aware, expected.due_at)]
            _judge(expected, by_then, delays)
        yield times, delays


def _due_between(times: list[UsualTime], first: dt.datetime, last: dt.datetime) -> list[Expected]:
    days = [timezone.localdate(first) + number * ONE_DAY for number in (-1, 0, 1)]
    found = [
        expected
        for day in days
        for expected in expected_on(day, times, tolerance=TOLERANCE, is_working=is_working_day)
    ]
    return sorted(
        (each for each in found if first <= each.due_at < last), key=lambda expected: expected.due_at
    )


def _judge(expected: Expected, sent: list[dt.datetime], delays: list[Delay]) -> None:
    """Note a delay, unless one goes on: the task for it is still open."""
    goes_on = bool(delays) and not any(at > delays[-1].due_at for at in sent)
    if not goes_on and not expected.is_met(sent):
        delays.append(Delay(expected.due_at))
