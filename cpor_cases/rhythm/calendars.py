"""On which days a court works: not on weekends and holidays, nor while its manager says that it is closed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from cpor_cases.models import CourtClosure
from cpor_core.office.working_days import is_working_day

from .usual_times import IsWorking


def calendars_of(courts: Iterable[int]) -> dict[int, IsWorking]:
    """Return for each court, by its key, a function that says whether it works on a day; in one query."""
    closed: dict[int, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    keys = list(courts)
    for court, first, last in CourtClosure.objects.filter(court__in=keys).values_list(
        "court", "first_day", "last_day"
    ):
        closed[court].append((first, last))
    return {court: _calendar(closed[court]) for court in keys}


def _calendar(closed: list[tuple[dt.date, dt.date]]) -> IsWorking:
    def works_on(day: dt.date) -> bool:
        return is_working_day(day) and not any(first <= day <= last for first, last in closed)

    return works_on
