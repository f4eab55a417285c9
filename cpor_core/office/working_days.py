"""Working days: weekends and the public holidays of Taiwan do not count; Saturdays on which a day off is made up for do."""

import datetime as dt
from functools import cache

from django.utils import timezone


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Return how many working days lie after `start` up to and including `end`; never less than 0."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    days = (start + dt.timedelta(days=step) for step in range(1, rest + 1))
    weekdays = weeks * 5 + sum(day.weekday() < 5 for day in days)
    years = range(start.year, end.year + 1)
    off = sum(start < day <= end for year in years for day in days_off(year))
    made_up = sum(start < day <= end for year in years for day in days_made_up(year))
    return weekdays - off + made_up


@cache
def days_off(year: int) -> frozenset[dt.date]:
    """The holidays of a year that fall on a working day, and the days off given for those on a weekend."""
    return frozenset(day for day in _calendar(year) if day.weekday() < 5 and day.year == year)


@cache
def days_made_up(year: int) -> frozenset[dt.date]:
    """The days of weekends on which offices work, in exchange for a day off (補行上班日); since 2026 there are none."""
    return frozenset(day for day in _calendar(year).weekend_workdays if day.year == year)


@cache
def _calendar(year: int):
    from holidays.countries import Taiwan  # 0.1 s that only lists of the office and the clock need

    return Taiwan(years=year)


def is_working_day(day: dt.date) -> bool:
    if day.weekday() >= 5:
        return day in days_made_up(day.year)
    return day not in days_off(day.year)


def latest_working_day() -> dt.date:
    """Return today, or the working day before it: a paper that is recorded on a Sunday came in on Friday."""
    day = timezone.localdate()
    while not is_working_day(day):
        day -= dt.timedelta(days=1)
    return day


def working_days_since(start: dt.date) -> int:
    """Return how many working days lie after `start` up to today, in Taipei."""
    return working_days_between(start, timezone.localdate())
