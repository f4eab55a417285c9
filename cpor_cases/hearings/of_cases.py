"""The hearings of many cases from their entries on record: one query, however many cases."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db.models import Case as Choose
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from cpor_cases.models import CaseAccess, PastEntry, ProgressEntry
from cpor_cases.models.past_entries import attach_past_to
from cpor_cases.models.progress_entries import ProgressEntryQuerySet
from cpor_core import conf
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS, HearingEffect
from cpor_core.roc_dates import start_of_day

from .standing import CaseHearings, Entry, Hearing, hearings_of

ABOUT_A_HEARING = Q(hearing_at__isnull=False) | Q(kind__hearing_effect__in=CHANGES_OF_HEARINGS)


class Row(NamedTuple):
    """What of an entry the hearings of its case follow from, under the names of the query."""

    pk: int
    case: int
    kind__hearing_effect: str
    hearing_at: dt.datetime | None
    recorded_at: dt.datetime
    courtroom: str
    moved_from: dt.datetime | None
    first_seen_at: dt.datetime
    corrected_at: dt.datetime | None = None
    withdrawn_at: dt.datetime | None = None
    chosen_hearing_at: dt.datetime | None = None
    corrected_from: dt.datetime | None = None


def of_cases(cases: Collection[int] | QuerySet) -> dict[int, CaseHearings]:
    """Return the hearings of each of some cases, given by key, in which an entry is about one."""
    return {case: hearings_of(map(fact, rows)) for case, rows in rows_by_case(cases).items()}


def of_case(case: int) -> CaseHearings:
    return of_cases([case]).get(case, CaseHearings())


def ahead_of_cases(cases: Collection[int]) -> dict[int, CaseHearings]:
    """Return the hearings of those of some cases, given by key, in which one is ahead, or was until it was changed."""
    # Most cases have none, and need not be gone through.
    today = start_of_day()
    dates = ("hearing_at", "moved_from", "chosen_hearing_at")
    is_ahead = Q(corrected_at__isnull=False)
    for name in dates:
        is_ahead |= Q(**{f"{name}__gte": today})
    entries = ProgressEntry.objects.announced().filter(is_ahead, case__in=cases)
    return of_cases(entries.order_by().values("case"))


def next_of_cases(cases: Collection[int]) -> dict[int, Hearing]:
    """Return the next hearing of each of some cases, given by key, that has one."""
    of_each = ahead_of_cases(cases)
    return {case: to_come[0] for case, found in of_each.items() if (to_come := found.to_come())}


def attach_to(accesses: Iterable[CaseAccess]) -> None:
    """Give the case of each access its `hearings`, and each of its recent entries its `past`."""
    accesses = list(accesses)
    attach_hearings_to(accesses)
    attach_past_to([entry for access in accesses for entry in access.case.recent_entries])


def attach_hearings_to(accesses: Iterable[CaseAccess], *, only_ahead: bool = False) -> None:
    """Give the case of each access its `hearings`; `only_ahead`: none to a case that has none ahead, of many cases the most."""
    accesses = list(accesses)
    read = ahead_of_cases if only_ahead else of_cases
    found = read({access.case_id for access in accesses})
    for access in accesses:
        access.case.hearings = found.get(access.case_id, CaseHearings())


def attach_to_entries(entries: Iterable[ProgressEntry]) -> None:
    """Give each entry its `mention`: what it says of a hearing and what became of that, None if it says nothing."""
    entries = list(entries)
    found = of_cases({entry.case_id for entry in entries})
    for entry in entries:
        entry.mention = found.get(entry.case_id, CaseHearings()).mentions.get(entry.pk)


def on_day(entries: ProgressEntryQuerySet, day: dt.date) -> list[tuple[int, Hearing]]:
    """Return the hearings of one day that stand, among the cases of some entries, each with its case's key, by time.

    Only the cases in which that day is named more than once, or a hearing was moved, called off or corrected, are gone
    through.
    """
    midnight = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    of_day = {"hearing_at__gte": midnight, "hearing_at__lt": midnight + dt.timedelta(days=1)}
    named = entries.standing().filter(**of_day).annotate(has_changes=Exists(_changes())).order_by()
    by_case = defaultdict(list)
    for row in named.values_list("pk", "case", "hearing_at", "courtroom", "has_changes", named=True):
        by_case[row.case].append(row)
    involved = [case for case, rows in by_case.items() if len(rows) > 1 or rows[0].has_changes]
    found = [
        (case, hearing)
        for case, hearings in (of_cases(involved) if involved else {}).items()
        for hearing in hearings.hearings
        if hearing.stands and start_of_day(hearing.at) == midnight
    ]
    for case in by_case.keys() - set(involved):
        [row] = by_case[case]
        plain = Hearing(row.pk, at=row.hearing_at, courtroom=row.courtroom, said_by=row.pk, entries={row.pk})
        found.append((case, plain))
    return sorted(found, key=lambda each: (each[1].at, each[1].key))


def _changes() -> ProgressEntryQuerySet:
    """The entries by which a hearing may have been moved, called off or corrected, of the case of a query around it."""
    may_change = Q(kind__hearing_effect__in=CHANGES_OF_HEARINGS) | Q(corrected_at__isnull=False)
    return ProgressEntry.objects.standing().filter(may_change, case=OuterRef("case"))


def still_naming(entries: ProgressEntryQuerySet) -> ProgressEntryQuerySet:
    """Return those of some entries that say when a hearing is, if it still is at that date.

    Only the cases in which a hearing was moved, called off or corrected are gone through.
    """
    named = entries.standing().filter(hearing_at__isnull=False)
    outdated = [
        pk
        for found in of_cases(named.filter(Exists(_changes())).order_by().values("case")).values()
        for pk, mention in found.mentions.items()
        if mention.calls_off or not mention.stands
    ]
    return named.exclude(pk__in=outdated)


@dataclass(frozen=True)
class CalendarHearing:
    """A hearing as the calendar of one person shows it."""

    hearing: Hearing
    access: CaseAccess
    first_seen_at: dt.datetime
    changed_at: dt.datetime
    """When what is known of it last changed. It never goes backwards: what it comes from is never removed."""


def for_calendar(accesses: QuerySet, at: dt.datetime | None = None) -> list[CalendarHearing]:
    """Return the hearings of these accesses' cases for a calendar, by date: those to come, those of the last months, and
    for some days those called off. One called off before the person got access is not among them."""
    today = start_of_day(at)
    first_day = today - relativedelta(months=conf.CALENDAR_MONTHS_BACK)
    first_day_called_off = today - dt.timedelta(days=conf.CALENDAR_CALLED_OFF_DAYS)
    found = []
    own = list(accesses.select_related("case__court", "account__litigant"))
    rows_of_cases = rows_by_case({access.case_id for access in own})
    for access in own:
        rows = rows_of_cases.get(access.case_id, [])
        for each in _for_calendar(access, rows):
            earliest = first_day if each.hearing.stands else first_day_called_off
            is_known = each.hearing.stands or _ended_at(each.hearing, rows) > access.granted_at
            if is_known and each.hearing.at >= earliest:
                found.append(each)
    return sorted(found, key=lambda each: (each.hearing.at, each.hearing.key))


def _for_calendar(access: CaseAccess, rows: list[Row]) -> Iterator[CalendarHearing]:
    changes = [
        moment
        for row in rows
        for moment in (row.corrected_at, row.withdrawn_at, row.first_seen_at if _is_change(row) else None)
        if moment
    ]
    first_seen = {row.pk: row.first_seen_at for row in rows}
    for hearing in hearings_of(map(fact, rows)).hearings:
        told = [first_seen[pk] for pk in hearing.entries]
        yield CalendarHearing(hearing, access, first_seen[hearing.key], max([*told, *changes]))


def _ended_at(hearing: Hearing, rows: list[Row]) -> dt.datetime:
    """Return when it became known that a hearing does not take place."""
    own = [row for row in rows if row.pk in hearing.entries]
    return max(row.withdrawn_at or row.corrected_at or row.first_seen_at for row in own)


def _is_change(row: Row) -> bool:
    return row.kind__hearing_effect in CHANGES_OF_HEARINGS


def rows_by_case(cases: Collection[int] | QuerySet) -> dict[int, list[Row]]:
    """Return what the hearings of each case, given by key, follow from, in the order in which it was recorded."""
    rows = defaultdict(list)
    for row in map(Row._make, _about_hearings().filter(case__in=cases)):
        rows[row.case].append(row)
    return rows


@cache  # building this query takes Django longer than the database takes to answer it
def _about_hearings() -> QuerySet:
    """The entries from which hearings follow, of all cases; to be narrowed down to some."""
    return (
        ProgressEntry.objects.announced()
        .filter(ABOUT_A_HEARING | Q(corrected_at__isnull=False))
        .annotate(corrected_from=_date_before_correction())
        .order_by("recorded_at", "pk")
        .values_list(*Row._fields)
    )


def _date_before_correction() -> Choose:
    """Return the expression for the date that an entry gave before its last correction to another one, or to none."""
    past = PastEntry.objects.filter(entry=OuterRef("pk"), hearing_at__isnull=False)
    other = past.exclude(Q(entry__hearing_at=F("hearing_at"))).order_by("-pk")
    return Choose(When(corrected_at__isnull=False, then=Subquery(other.values("hearing_at")[:1])))


def fact(row: Row) -> Entry:
    """Return an entry as `hearings_of` takes it."""
    calls_off = row.kind__hearing_effect == HearingEffect.CALLS_OFF
    return Entry(
        pk=row.pk,
        effect=row.kind__hearing_effect,
        at=row.hearing_at or (row.chosen_hearing_at if calls_off else None),
        recorded_at=row.recorded_at,
        courtroom=row.courtroom,
        original_at=None if calls_off else row.moved_from or row.chosen_hearing_at,
        chosen_at=row.chosen_hearing_at,
        corrected_from=row.corrected_from,
        is_withdrawn=row.withdrawn_at is not None,
    )
