"""What taking a file would do: the same reading, checking and comparing as an import, and nothing put on record."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter

from django.db.models.expressions import RawSQL
from django.utils import timezone

from cpor_cases.mail import notifications
from cpor_core.models import Court

from . import staging
from .run import ReadBlocks, Rejection, late_rejections, stage
from .store import compare, find_cases, note_touched

ENTRIES_SHOWN = 20
REJECTIONS_SHOWN = 50
_SHOWN = (
    "line",
    "year",
    "word",
    "number",
    "recorded_at",
    "kind",
    "detail",
    "hearing_at",
    "courtroom",
    "change",
)
_FIRST_ENTRIES = """
SELECT staged.line, sent.year, sent.word, sent.number, staged.recorded_at, kind.code, staged.detail,
    staged.hearing_at, staged.courtroom, change_set.change
FROM change_set JOIN staged ON staged.line = change_set.line JOIN staged_case sent ON sent.line = staged.sent_in
JOIN cpor_core_progresskind kind ON kind.id = staged.kind_id
WHERE change_set.change <> 'facts' ORDER BY staged.line LIMIT %s
"""


@dataclass
class DryRunResult:
    """What taking the file would do."""

    counts: Counter = field(default_factory=Counter)
    entries: list[dict] = field(default_factory=list)
    """The first ones as they were understood."""
    rejections: list[Rejection] = field(default_factory=list)
    """The first ones, as many as `most_rejections`."""
    most_rejections: int = REJECTIONS_SHOWN
    people: int = 0

    @property
    def would_change(self) -> int:
        return self.counts["created"] + self.counts["changed"] + self.counts["withdrawn"]

    def as_json(self) -> dict:
        """Return it as an incoming file keeps it, with the reasons in the language now active."""
        return {
            "counts": dict(self.counts),
            "people": self.people,
            "would_change": self.would_change,
            "entries": self.entries,
            "rejections": [(line, reason.sentence()) for line, reason, _row in self.rejections],
        }

    def read(self, rows: int, rejections: list[Rejection]) -> None:
        """Hear of the progress made in reading."""
        self.counts["read"] += rows
        self._reject(rejections)

    def reject_late(self, rejections: list[Rejection]) -> None:
        """Take rows that were rejected after all had been read; the first lines are still those shown."""
        self.counts["rejected"] += len(rejections)
        both = sorted([*self.rejections, *rejections], key=itemgetter(0))
        self.rejections = both[: self.most_rejections]

    def _reject(self, rejections: list[Rejection]) -> None:
        self.counts["rejected"] += len(rejections)
        self.rejections += rejections[: self.most_rejections - len(self.rejections)]


def simulate(
    read: ReadBlocks,
    *,
    court: Court | None = None,
    most_rejections: int = REJECTIONS_SHOWN,
    on_progress: Callable[[DryRunResult], None] = lambda _result: None,
) -> DryRunResult:
    """Return what importing the rows would do. `on_progress` is called as it goes on. Raises UnreadableFile."""
    result = DryRunResult(most_rejections=most_rejections)
    with staging.staging():
        for batch in stage(read, sender=court, record=_Listener(result, on_progress)):
            _compare(result, batch)
            on_progress(result)
        for rejections in late_rejections(read):
            result.reject_late(rejections)
        result.people = notifications.count_people_to_tell(
            RawSQL("SELECT case_id FROM touched WHERE is_news", []),
            important=RawSQL("SELECT case_id FROM touched WHERE is_important", []),
        )
    return result


@dataclass
class _Listener:
    result: DryRunResult
    on_progress: Callable[[DryRunResult], None]

    def read(self, rows: int, rejections: list[Rejection]) -> None:
        self.result.read(rows, rejections)
        self.on_progress(self.result)


def _compare(result: DryRunResult, batch: staging.Batch) -> None:
    outcome = compare(batch)
    for name in ("created", "changed", "withdrawn", "unchanged"):
        result.counts[name] += getattr(outcome, name)
    if not outcome.touches_the_record:
        return
    find_cases(batch)
    note_touched()
    if not (missing := ENTRIES_SHOWN - len(result.entries)):
        return
    for row in staging.select(_FIRST_ENTRIES, missing):
        entry = dict(zip(_SHOWN, row, strict=True))
        moments = {name: _as_moment(entry[name]) for name in ("recorded_at", "hearing_at")}
        result.entries.append(entry | moments)


def _as_moment(stored: dt.datetime | None) -> dt.datetime | None:
    """Return a moment as it lies in the database: SQLite's are in UTC without saying so."""
    return stored.replace(tzinfo=dt.UTC) if stored and timezone.is_naive(stored) else stored
