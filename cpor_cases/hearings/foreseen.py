"""The hearings of cases as they would stand if some entries that a court has sent were on record."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import of_cases
from .standing import CaseHearings, hearings_of

_NOT_STORED = 1 << 62
"""Entries that are not on record come after all that are, in the order in which they were sent."""


@dataclass(frozen=True)
class SentEntry:
    """A row of an export as it would be stored."""

    line: int
    entry_id: str
    on_record: int | None
    """The key of the entry that it corrects, withdraws or repeats."""
    effect: str
    recorded_at: dt.datetime
    hearing_at: dt.datetime | None
    courtroom: str
    moved_from: dt.datetime | None
    is_withdrawn: bool

    @property
    def pk(self) -> int:
        """What the entry goes by among the mentions of its case."""
        return _NOT_STORED + self.line if self.on_record is None else self.on_record


def hearings_with(
    sent: Mapping[int, Sequence[SentEntry]], cases: Mapping[int, int | None]
) -> dict[int, CaseHearings]:
    """Return the hearings of each case with what is sent of it. `cases` has their keys; None of one that is new. One query."""
    rows = of_cases.rows_by_case({case for case in cases.values() if case is not None})
    found = {}
    for name, entries in sent.items():
        case = cases[name]
        stored = {row.pk: row for row in (rows.get(case, []) if case is not None else [])}
        found[name] = hearings_of(map(of_cases.fact, _with_sent(stored, entries)))
    return found


def _with_sent(stored: dict[int, of_cases.Row], sent: Sequence[SentEntry]) -> list[of_cases.Row]:
    """Return what a case's hearings follow from, in the order in which it was recorded."""
    rows = dict(stored)
    for entry in sent:
        before = stored.get(entry.pk)
        if entry.is_withdrawn:
            # What is withdrawn before anybody could see it says nothing.
            if before is not None:
                rows[entry.pk] = before._replace(withdrawn_at=before.withdrawn_at or entry.recorded_at)
        else:
            rows[entry.pk] = _as_stored(entry, before)
    return sorted(rows.values(), key=lambda row: (row.recorded_at, row.pk))


def _as_stored(entry: SentEntry, before: of_cases.Row | None) -> of_cases.Row:
    row = of_cases.Row(
        pk=entry.pk,
        case=before.case if before else 0,
        kind__hearing_effect=entry.effect,
        hearing_at=entry.hearing_at,
        recorded_at=entry.recorded_at,
        courtroom=entry.courtroom,
        moved_from=entry.moved_from,
        first_seen_at=before.first_seen_at if before else entry.recorded_at,
    )
    if before is None:
        return row
    was = before.hearing_at if before.hearing_at not in (None, entry.hearing_at) else before.corrected_from
    return row._replace(chosen_hearing_at=before.chosen_hearing_at, corrected_from=was)
