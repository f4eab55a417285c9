"""How long something has waited at the court. Weekends do not count; holidays are not known here."""

import datetime as dt

from django.utils import timezone


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Return how many working days lie after `start` up to and including `end`; never less than 0."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    days = (start + dt.timedelta(days=step) for step in range(1, rest + 1))
    return weeks * 5 + sum(day.weekday() < 5 for day in days)


def working_days_since(start: dt.date) -> int:
    return working_days_between(start, timezone.localdate())
