"""Finds where a manifest and the record differ: group by group, some thousand entries in memory at a time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from cpor_cases.intake import temporary_tables as tables
from cpor_cases.intake.text_meaning import meaning
from cpor_cases.models import Case, Manifest, MergedCase, PastEntry, ProgressEntry
from cpor_cases.models import ManifestDifference as Difference
from cpor_core.roc_dates import in_taipei

from .canonical import NOTHING, Facts, digest_of_entry, digest_of_group
from .groups import CaseGroup, DayGroup, Group

GROUPS_AT_ONCE = 2000
TYPED = "typed-"  # what clerks typed: no court's system knows of it
_FACTS = (
    "entry_id",
    "case__category",
    "case__year",
    "case__word",
    "case__number",
    "recorded_at",
    "kind__code",
    "detail",
    "hearing_at",
    "courtroom",
    "moved_from",
)
_TABLE = """
CREATE TEMPORARY TABLE stated (line integer PRIMARY KEY, category varchar(20), year integer, word varchar(20),
    number integer, entries integer, digest varchar(64))
"""
_INDEX = "CREATE UNIQUE INDEX stated_groups ON stated (category, year, word, number)"
_SAME_NUMBER = " AND ".join(f"stated.{name} = known.{name}" for name in CaseGroup._fields)
_SOME_STATED = f"""
SELECT known.id, stated.category, stated.year, stated.word, stated.number, stated.entries, stated.digest
FROM stated LEFT JOIN {Case._meta.db_table} AS known ON known.court_id = %s AND {_SAME_NUMBER}
WHERE stated.line BETWEEN %s AND %s ORDER BY stated.line
"""  # noqa: S608 (names of ours)
_SOME_NOT_STATED = f"""
SELECT known.id, known.category, known.year, known.word, known.number FROM {Case._meta.db_table} AS known
WHERE known.court_id = %s AND known.id > %s AND NOT EXISTS (SELECT 1 FROM stated WHERE {_SAME_NUMBER})
ORDER BY known.id LIMIT %s
"""  # noqa: S608 (the same)


@dataclass
class Result:
    """What was found of one group."""

    group: Group
    there: int
    here: int
    is_equal: bool
    entries: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        kinds = Difference.Kind
        if not self.here:
            return kinds.MISSING
        return kinds.DIFFERENT if self.there else kinds.EXTRA


def counted() -> QuerySet:
    """The entries that a court's system and the service both count: published, not withdrawn, and not typed by a clerk."""
    return ProgressEntry.objects.standing().exclude(entry_id__startswith=TYPED)


def compare(manifest: Manifest) -> Iterator[list[Result]]:
    """Yield what was found of the groups of a manifest, some at a time; of those to be left out nothing is said."""
    numbers = list(manifest.parts.values_list("number", flat=True))
    parts = (manifest.parts.get(number=number).rows for number in numbers)
    if manifest.is_detailed:
        return _compare_entries(manifest, parts)
    return (_compare_cases if manifest.by == Manifest.By.CASE else _compare_days)(manifest, parts)


def _compare_cases(manifest: Manifest, parts: Iterable[list]) -> Iterator[list[Result]]:
    with _stated(parts) as count:
        for first in range(1, count + 1, GROUPS_AT_ONCE):
            found = tables.select(_SOME_STATED, manifest.court_id, first, first + GROUPS_AT_ONCE - 1)
            here = _digests_of_cases([row[0] for row in found if row[0]])
            yield [
                _compared(CaseGroup(*number), entries, digest, here.get(case, []))
                for case, *number, entries, digest in found
            ]
        if manifest.is_complete:
            yield from _cases_not_stated(manifest)


@contextmanager
def _stated(parts: Iterable[list]) -> Iterator[int]:
    """Have what is stated of each case in a table; yield how many rows that are."""
    tables.run("DROP TABLE IF EXISTS stated")
    tables.run(_TABLE)
    count = 0
    for part in parts:
        numbered = enumerate(part, start=count + 1)
        tables.load("stated", ((line, *CaseGroup.of_key(key), *rest) for line, (key, *rest) in numbered))
        count += len(part)
    tables.run(_INDEX)
    if connection.vendor == "postgresql":
        tables.run("ANALYZE stated")
    try:
        yield count
    finally:
        tables.run("DROP TABLE stated")


def _cases_not_stated(manifest: Manifest) -> Iterator[list[Result]]:
    last, more = 0, True
    while more:
        found = tables.select(_SOME_NOT_STATED, manifest.court_id, last, GROUPS_AT_ONCE)
        here = _digests_of_cases([row[0] for row in found])
        yield [
            _compared(CaseGroup(*number), 0, NOTHING, here[case]) for case, *number in found if case in here
        ]
        last, more = (found[-1][0] if found else 0), len(found) == GROUPS_AT_ONCE


def _digests_of_cases(cases: list[int]) -> dict[int, list[str]]:
    rows = counted().filter(case__in=cases).order_by("case").values_list("case", *_FACTS)
    return {
        case: [digest_of_entry(Facts(*facts)) for _case, *facts in some]
        for case, some in groupby(rows.iterator(), key=itemgetter(0))
    }


def _compared(group: Group, entries: int, digest: str, here: list[str]) -> Result:
    is_equal = entries == len(here) and digest == digest_of_group(here)
    return Result(group, entries, len(here), is_equal)


def _compare_days(manifest: Manifest, parts: Iterable[list]) -> Iterator[list[Result]]:
    rows = chain.from_iterable(parts)
    stated = {DayGroup.of_key(key): (entries, digest) for key, entries, digest in rows}
    if not stated:
        return
    some: list[Result] = []
    for day, here in _digests_of_days(manifest, min(stated).day, max(stated).day):
        if day not in stated and not manifest.is_complete:
            continue
        some.append(_compared(day, *stated.pop(day, (0, NOTHING)), here))
        if len(some) == GROUPS_AT_ONCE:
            yield some
            some = []
    yield some + [_compared(day, entries, digest, []) for day, (entries, digest) in stated.items()]


def _digests_of_days(
    manifest: Manifest, first: dt.date, last: dt.date
) -> Iterator[tuple[DayGroup, list[str]]]:
    begin, end = (
        timezone.make_aware(dt.datetime.combine(day, dt.time()))
        for day in (first, last + dt.timedelta(days=1))
    )
    of_days = counted().filter(court=manifest.court_id, recorded_at__gte=begin, recorded_at__lt=end)
    rows = (Facts(*row) for row in of_days.order_by("recorded_at").values_list(*_FACTS).iterator())
    for day, some in groupby(rows, key=lambda facts: in_taipei(facts.recorded_at).date()):
        yield DayGroup(day), list(map(digest_of_entry, some))


def _compare_entries(manifest: Manifest, parts: Iterable[list]) -> Iterator[list[Result]]:
    stated: dict[str, dict[str, str]] = defaultdict(dict)
    for key, entry_id, digest in chain.from_iterable(parts):
        stated[key][meaning(entry_id)] = digest
    keys = sorted(stated)
    for start in range(0, len(keys), GROUPS_AT_ONCE):
        some = keys[start : start + GROUPS_AT_ONCE]
        here = (
            _entries_of_cases(manifest, some)
            if manifest.by == Manifest.By.CASE
            else _entries_of_days(manifest, some)
        )
        group_type = CaseGroup if manifest.by == Manifest.By.CASE else DayGroup
        yield [_by_entry(group_type.of_key(key), stated[key], here.get(key, {})) for key in some]


def _by_entry(group: Group, there: dict[str, str], here: dict[str, tuple[str, str]]) -> Result:
    """Compare entry by entry; `here` has the number as it is on record and the digest, by its canonical form."""
    kinds = Difference.Kind
    entries: dict[str, list[str]] = {
        kinds.MISSING.value: sorted(there.keys() - here.keys()),
        kinds.EXTRA.value: sorted(here[each][0] for each in here.keys() - there.keys()),
        kinds.DIFFERENT.value: sorted(
            here[each][0] for each in here.keys() & there.keys() if here[each][1] != there[each]
        ),
    }
    differing = {kind: found for kind, found in entries.items() if found}
    return Result(group, len(there), len(here), not differing, differing)


def _entries_of_cases(manifest: Manifest, keys: list[str]) -> dict[str, dict[str, tuple[str, str]]]:
    cases = _keys_of_cases(manifest, keys)
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    rows = counted().filter(case__in=cases).values_list("case", *_FACTS)
    for case, *facts in rows.iterator():
        _add(found[cases[case]], Facts(*facts))
    return found


def _keys_of_cases(manifest: Manifest, keys: list[str]) -> dict[int, str]:
    with _stated([[[key, 0, NOTHING] for key in keys]]) as count:
        rows = tables.select(_SOME_STATED, manifest.court_id, 1, count)
    return {case: CaseGroup(*number[:4]).key for case, *number in rows if case}


def _entries_of_days(manifest: Manifest, keys: list[str]) -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for key in keys:
        begin = timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(key), dt.time()))
        of_day = counted().filter(
            court=manifest.court_id, recorded_at__gte=begin, recorded_at__lt=begin + dt.timedelta(days=1)
        )
        for facts in of_day.values_list(*_FACTS).iterator():
            _add(found[key], Facts(*facts))
    return found


def _add(entries: dict[str, tuple[str, str]], facts: Facts) -> None:
    entries[meaning(facts.entry_id)] = facts.entry_id, digest_of_entry(facts)


def not_comparable(manifest: Manifest) -> set[str]:
    """Return the keys of the groups of which nothing can be said: what a later import or a clerk changed since the manifest
    was received, and cases that were merged here, whose entries the court has under another number.

    To be read after the comparison: whatever was changed meanwhile is among them.
    """
    later = ProgressEntry.objects.filter(
        court=manifest.court_id, changed_in__gt=manifest.last_import
    ).exclude(entry_id__startswith=TYPED)
    merged = MergedCase.objects.filter(court=manifest.court_id)
    of_merged = ProgressEntry.objects.filter(case__in=merged.values("case"), court=manifest.court_id)
    if manifest.by == Manifest.By.DAY:
        return _days_of(later) | _days_of(of_merged)
    numbers = set(later.values_list(*(f"case__{name}" for name in CaseGroup._fields)).distinct())
    numbers |= set(merged.values_list(*CaseGroup._fields))
    numbers |= set(merged.values_list(*(f"case__{name}" for name in CaseGroup._fields)))
    return {CaseGroup(*number).key for number in numbers}


def _days_of(entries: QuerySet) -> set[str]:
    """Return the days of some entries, and those that they had before they were corrected."""
    moments = set(entries.values_list("recorded_at", flat=True))
    moments |= set(PastEntry.objects.filter(entry__in=entries).values_list("recorded_at", flat=True))
    return {in_taipei(moment).date().isoformat() for moment in moments}
