"""Learning at which times a court usually sends, from when it did.

Kept simple, so that a manager can be told why: what comes on nearly every working day, or on nearly every working day of
one weekday, by a time that hardly varies, is usual. All else is not, and the court is not accused.
"""

import datetime as dt
import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from .usual_times import ONE_DAY, IsWorking, UsualTime

LEAST_SENDINGS = 20
LOOKED_BACK = dt.timedelta(weeks=30)  # a weekly rhythm needs twenty weeks, and holidays fall among them
DAYS_WEIGHED = 40  # of a daily rhythm
DAYS_TIMED = 30  # the latest of them, which say at what time: so soon is a changed habit the usual one
LEAST_DAYS = 10  # two sendings a day make twenty in ten days
LEAST_OF_A_WEEKDAY = 12
MOST_OF_A_WEEKDAY = 26
NEARLY_ALWAYS = 0.92
MOST_SPREAD = 4 * 60  # minutes from the usual to the latest time: beyond it a time is no rhythm
APART = 30  # minutes: what follows sooner belongs to the sending before
MOST_TIMES = 8  # sendings of a day that are read
AN_HOUR, A_DAY = 60, 24 * 60
Minutes = list[int]


def learn(sent: Iterable[dt.datetime], *, is_working: IsWorking) -> list[UsualTime]:
    """Return at which times a court usually sends; nothing if it has no rhythm, or has sent less than twenty times.

    `sent` are the moments, in local time and without a zone. A day that begins late in the evening is as good as any
    other: days are cut where nothing is sent.
    """
    moments = sorted(sent)
    if len(moments) < LEAST_SENDINGS:
        return []
    begins = _quietest_minute(moments)
    days = _by_day(moments, begins, is_working)
    times = _daily(days, is_working)
    return times or _weekly(days, is_working)


def _minute(moment: dt.datetime) -> int:
    return moment.hour * 60 + moment.minute


def _quietest_minute(moments: list[dt.datetime]) -> int:
    """Return the minute of the day in the middle of the longest time of the day at which nothing is ever sent."""
    minutes = sorted({_minute(moment) for moment in moments})
    gaps = [(after - before, before) for before, after in pairwise([*minutes, minutes[0] + A_DAY])]
    longest, before = max(gaps)
    return (before + longest // 2) % A_DAY


class _Days:
    """The sendings by day, in minutes after the day's midnight; a day begins at the same minute before or after it."""

    def __init__(self, begins: int) -> None:
        self.begins = begins
        self.of: dict[dt.date, Minutes] = defaultdict(list)

    def add(self, moment: dt.datetime) -> None:
        begun = moment - dt.timedelta(minutes=self.begins % A_DAY)
        day = begun.date() + (ONE_DAY if self.begins < 0 else dt.timedelta())
        minute = int((moment - dt.datetime.combine(day, dt.time())).total_seconds()) // 60
        kept = self.of[day]
        if len(kept) < MOST_TIMES and (not kept or minute - kept[-1] >= APART):
            kept.append(minute)

    def on_working_days(self, is_working: IsWorking) -> int:
        return sum(map(is_working, self.of))


def _by_day(moments: list[dt.datetime], quietest: int, is_working: IsWorking) -> _Days:
    """Return the sendings by day, the day named so that most sendings are of working days.

    What is sent at two in the morning may be Monday's, sent on Tuesday, or Tuesday's: Saturdays and holidays tell.
    """
    ways = [_Days(quietest - A_DAY), _Days(quietest)]
    for days in ways:
        for moment in moments:
            days.add(moment)
    ending, beginning = ways
    counts = [days.on_working_days(is_working) for days in ways]
    if counts[0] != counts[1]:
        return ending if counts[0] > counts[1] else beginning
    after_midnight = sum(_minute(moment) < quietest for moment in moments)
    return ending if 2 * after_midnight >= len(moments) else beginning


def _daily(days: _Days, is_working: IsWorking) -> list[UsualTime]:
    first, last = min(days.of), max(days.of)
    numbers = range((last - first).days + 1)
    working = [day for number in numbers if is_working(day := last - number * ONE_DAY)][:DAYS_WEIGHED]
    sent = [days.of[day] for day in working if day in days.of][:DAYS_TIMED]
    if len(working) < LEAST_DAYS or not _is_nearly_always(working, days):
        return []
    times: list[UsualTime] = []
    for place in range(1, MOST_TIMES + 1):
        minutes = [of_day[place - 1] for of_day in sent if len(of_day) >= place]
        if len(minutes) < NEARLY_ALWAYS * len(sent):
            break
        time = _usual_time(minutes, place, days.begins, times)
        if time is None and place == 1:
            return []
        times += [time] if time else []
    return times


def _weekly(days: _Days, is_working: IsWorking) -> list[UsualTime]:
    """The times of the weekdays on which the court nearly always sends, if it hardly sends on others."""
    first, last = min(days.of), max(days.of)
    found = []
    for weekday in range(7):
        ago = range((last.weekday() - weekday) % 7, (last - first).days + 1, 7)
        working = [day for number in ago if is_working(day := last - number * ONE_DAY)][:MOST_OF_A_WEEKDAY]
        if len(working) < LEAST_OF_A_WEEKDAY or not _is_nearly_always(working, days):
            continue
        minutes = [days.of[day][0] for day in working if day in days.of]
        if time := _usual_time(minutes, 1, days.begins, [], weekdays=(weekday,)):
            found.append(time)
    weekdays = {time.weekdays[0] for time in found}
    on_these = sum(day.weekday() in weekdays for day in days.of)
    return found if on_these >= NEARLY_ALWAYS * len(days.of) else []


def _is_nearly_always(working: list[dt.date], days: _Days) -> bool:
    """Whether the court sent on nearly all of these days. A delay counts as one day, however long: a machine that was
    broken for two weeks is no habit."""
    before = sorted(days.of)
    sent = sum(day in days.of for day in working)
    delays = {bisect_left(before, day) for day in working if day not in days.of}
    return sent >= NEARLY_ALWAYS * (sent + len(delays))


def _usual_time(
    minutes: Minutes, place: int, begins: int, before: list[UsualTime], weekdays: tuple[int, ...] = ()
) -> UsualTime | None:
    """Return the time that these minutes of several days have in common; None if they vary too much, or are those of
    the time before."""
    ordered = sorted(minutes)
    usual = ordered[len(ordered) // 2]
    deviations = sorted(abs(minute - usual) for minute in ordered)
    # Four standard deviations, as far as outliers leave them be, and what 9 of 10 days needed.
    wide = usual + math.ceil(4 * 1.4826 * deviations[len(deviations) // 2])
    latest = max(wide, ordered[math.ceil(0.9 * len(ordered)) - 1])
    opens = max(before[-1].latest + AN_HOUR, _earliest(ordered) - AN_HOUR) if before else begins
    too_soon = bisect_left(ordered, opens)
    if latest - usual > MOST_SPREAD or too_soon > (1 - NEARLY_ALWAYS) * len(ordered):
        return None
    return UsualTime(usual, latest, opens, place, begins, weekdays)


def _earliest(ordered: Minutes) -> int:
    return ordered[int(0.05 * len(ordered))]
