"""How long cases wait from one entry to the next: counted anew each night from what the courts have recorded."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter

from django.db import transaction
from django.utils import timezone

from cpor_cases.models import Case, ProgressEntry, WaitingTime
from cpor_core.models import Court, ProgressKind
from cpor_core.product_limit import day_by_which
from cpor_core.roc_dates import in_taipei

LEAST_CASES = 30
LEAST_LEFT = (
    5  # of so many a day is told: of 30 that have all had their next entry, seven are left when 8 of 10 have
)
CASES_AT_ONCE = 1000

Key = tuple[str, int]  # category and kind


@dataclass
class Waits:
    """How long cases waited after entries of one kind in one category: counted by days, however many they are."""

    ended: Counter[int] = field(default_factory=Counter)
    open_since: Counter[dt.date] = field(default_factory=Counter)
    cases: int = 0


def refresh(now: dt.datetime | None = None) -> int:
    """Compute the waiting times of all courts, and return how many there are."""
    now = now or timezone.now()
    ends = set(ProgressKind.objects.filter(ends_query=True).values_list("pk", flat=True))
    return sum(_refresh_court(court, ends, now) for court in Court.objects.all())


def _refresh_court(court: Court, ends: set[int], now: dt.datetime) -> int:
    waits: dict[Key, Waits] = {}
    last_day = dt.date.min
    for cases, entries in _batches(court, now):
        for case, of_case in groupby(entries, key=itemgetter(0)):
            category, is_closed = cases[case]
            days = _kind_of_each_day(of_case)
            last_day = max(last_day, *days)
            _add(waits, category, days, is_closed=is_closed)
    found = [
        time
        for (category, kind), some in waits.items()
        if kind not in ends and (time := _time_of(court, category, kind, some, last_day))
    ]
    return _store(court, found)


def _batches(court: Court, now: dt.datetime) -> Iterator[tuple[dict, Iterable[tuple]]]:
    """Yield the cases of a court, some at a time, each with category and whether its query ends, and their entries."""
    after, more = 0, True
    while more:
        rows = Case.objects.filter(court=court, pk__gt=after).order_by("pk")
        found = list(rows.values_list("pk", "category", "closed_on")[:CASES_AT_ONCE])
        if not found:
            return
        cases = {pk: (category, closed_on is not None) for pk, category, closed_on in found}
        # By the court's own date, whenever it reached us. What is dated ahead has not happened.
        standing = ProgressEntry.objects.standing().filter(case__in=cases, recorded_at__lte=now)
        entries = standing.order_by("case", "recorded_at", "pk").values_list("case", "kind", "recorded_at")
        yield cases, entries.iterator()
        after, more = found[-1][0], len(found) == CASES_AT_ONCE


def _kind_of_each_day(entries: Iterable[tuple]) -> dict[dt.date, int]:
    """Return the days on which a case had entries, the earliest first, with the kind of each day's last: the one after
    which its people wait."""
    return {in_taipei(recorded_at).date(): kind for _case, kind, recorded_at in entries}


def _add(waits: dict[Key, Waits], category: str, days: dict[dt.date, int], *, is_closed: bool) -> None:
    """Add the waits of one case."""
    told = list(days.items())
    ended = [(kind, (next_day - day).days) for (day, kind), (next_day, _kind) in pairwise(told)]
    for kind, length in ended:
        waits.setdefault((category, kind), Waits()).ended[length] += 1
    kinds = {kind for kind, _length in ended}
    if not is_closed:  # afterwards nobody waits for a next entry
        last_day, last_kind = told[-1]
        waits.setdefault((category, last_kind), Waits()).open_since[last_day] += 1
        kinds.add(last_kind)
    for kind in kinds:
        waits[category, kind].cases += 1


def _time_of(court: Court, category: str, kind: int, waits: Waits, last_day: dt.date) -> WaitingTime | None:
    """Return the waiting time; None if too few cases or too few next entries are on record, or too few waited so long.

    What is still open has been so until the last day of which the court has told anything, not until today.
    """
    if waits.cases < LEAST_CASES:
        return None
    still_open = {(last_day - day).days: count for day, count in waits.open_since.items()}
    median, p80 = (
        day_by_which(share, ended=waits.ended, still_open=still_open, fewest=LEAST_LEFT)
        for share in (0.5, 0.8)
    )
    if median is None:
        return None
    return WaitingTime(
        court=court,
        category=category,
        kind_id=kind,
        cases=waits.cases,
        median_days=median,
        p80_days=p80,
    )


@transaction.atomic
def _store(court: Court, found: list[WaitingTime]) -> int:
    """Replace the waiting times of a court."""
    WaitingTime.objects.filter(court=court).delete()
    WaitingTime.objects.bulk_create(found)
    return len(found)
