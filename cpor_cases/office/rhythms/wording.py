"""The usual times of a court in words."""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from cpor_cases.models import CourtRhythm
from cpor_cases.rhythm.known import times_of
from cpor_cases.rhythm.usual_times import UsualTime
from cpor_core.punctuation import listed

A_DAY = 24 * 60
TIME = re.compile(r"([01]?\d|2[0-3])[:：]?([0-5]\d)")


def sentences_of(rhythm: CourtRhythm) -> list[str]:
    """Return each usual time as a sentence; those of one time on several weekdays together."""
    return [_sentence(time, weekdays) for time, weekdays in _joined(times_of(rhythm))]


def _joined(times: Iterable[UsualTime]) -> list[tuple[UsualTime, tuple[int, ...]]]:
    weekdays: dict[tuple[int, int], list[int]] = defaultdict(list)
    first: dict[tuple[int, int], UsualTime] = {}
    for time in times:
        first.setdefault((time.usual, time.latest), time)
        weekdays[(time.usual, time.latest)] += time.weekdays
    return [(time, tuple(weekdays[key])) for key, time in first.items()]


def _sentence(time: UsualTime, weekdays: tuple[int, ...]) -> str:
    days = listed(str(WEEKDAYS[day]) for day in weekdays) if weekdays else _("Every working day")
    facts = {"days": days, "usual": clock_time(time.usual), "latest": clock_time(time.latest)}
    if time.usual == time.latest:
        return _("%(days)s, by %(usual)s") % facts
    return _("%(days)s, at about %(usual)s, nearly always by %(latest)s") % facts


def clock_time(minutes: int) -> str:
    """Return minutes after a day's midnight as a time, with the day where it is another one."""
    text = f"{minutes % A_DAY // 60:02}:{minutes % 60:02}"
    if minutes < 0:
        return _("%(time)s of the day before") % {"time": text}
    return _("%(time)s of the day after") % {"time": text} if minutes >= A_DAY else text


def typed(minutes: Iterable[int]) -> str:
    return ", ".join(clock_time(minute) for minute in minutes)


def minutes_in(text: str) -> list[int] | None:
    """Return the times that were typed, in minutes after midnight, in order; None if one is no time of day."""
    found = []
    for part in filter(None, re.split(r"[\s,，、;；]+", text)):
        if not (time := TIME.fullmatch(part)):
            return None
        found.append(60 * int(time[1]) + int(time[2]))
    return sorted(set(found))


def weekday_choices() -> list[tuple[int, str]]:
    return [(day, str(WEEKDAYS[day])) for day in calendar.Calendar().iterweekdays()]
