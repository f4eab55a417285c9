"""Working days: weekends and the public holidays of Taiwan do not count."""

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
    return weekdays - sum(start < day <= end for year in years for day in days_off(year))


@cache
def days_off(year: int) -> list[dt.date]:
    """The holidays of a year that fall on a working day, and the days off given for those on a weekend."""
    from holidays.countries import Taiwan  # 0.1 s that only lists of the office need

    return [day for day in Taiwan(years=year) if day.weekday() < 5 and day.year == year]


def latest_working_day() -> dt.date:
    """Return today, or the working day before it: a paper that is recorded on a Sunday came in on Friday."""
    day = timezone.localdate()
    while day.weekday() >= 5 or day in days_off(day.year):
        day -= dt.timedelta(days=1)
    return day


def working_days_since(start: dt.date) -> int:
    """Return how many working days lie after `start` up to today, in Taipei."""
    return working_days_between(start, timezone.localdate())
