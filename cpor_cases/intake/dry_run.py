"""What importing a file would do: the same reading, checking and comparing as an import, and nothing put on record."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter

from django.db.models.expressions import RawSQL

from cpor_cases.mail import notifications
from cpor_cases.models import ProgressEntry, RunWarning
from cpor_core.models import Court

from . import rejections as rejected
from . import temporary_tables as tables
from .batches import Batch
from .columns import ENTRY_VALUES, EntryKind, EntryMoment, EntryValue
from .compare import KIND, compare
from .rejections import ReadBlocks, Rejection
from .staging import stage
from .store import find_cases, note_touched
from .warnings import warnings_of

ENTRIES_SHOWN = 20
ROWS_SHOWN = 50
_FIRST_ENTRIES = """
SELECT staged.line, sent.year, sent.word, sent.number, {values}, change_set.change
FROM change_set JOIN staged ON staged.line = change_set.line JOIN staged_case sent ON sent.line = staged.sent_in
JOIN {kinds} kind ON kind.id = staged.kind_id
WHERE change_set.change <> 'facts' ORDER BY staged.line LIMIT %s
"""
_NOTE_IMPORTANT = """
INSERT INTO important_case (case_id)
SELECT DISTINCT coalesce(change_set.case_id, sent_case.case_id)
FROM change_set JOIN staged ON staged.line = change_set.line JOIN {kinds} kind ON kind.id = staged.kind_id
LEFT JOIN sent_case ON sent_case.case_line = change_set.case_line
WHERE change_set.is_news AND coalesce(change_set.case_id, sent_case.case_id) IS NOT NULL AND {is_important}
ON CONFLICT DO NOTHING
"""


@dataclass
class DryRunResult:
    """What importing the file would do."""

    counts: Counter = field(default_factory=Counter)
    entries: list[dict] = field(default_factory=list)
    """The first ones as they were understood."""
    rejections: list[Rejection] = field(default_factory=list)
    """The first ones, as many as `most_shown`."""
    most_shown: int = ROWS_SHOWN
    people: int = 0
    warnings: list[RunWarning] = field(default_factory=list)
    """The first ones, as many as `most_shown`, of rows that would be taken although they are doubtful; not saved."""

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
            "warnings": [
                {"line": each.line, "entry_id": each.entry_id, "sentence": each.sentence}
                for each in self.warnings
            ],
        }

    def read(self, rows: int, rejections: list[Rejection]) -> None:
        """Count rows that have been read, and those of them that were rejected."""
        self.counts["read"] += rows
        self.counts["rejected"] += len(rejections)
        self.rejections += rejections[: self.most_shown - len(self.rejections)]

    def reject_late(self, rejections: list[Rejection]) -> None:
        """Count rows that were rejected after all had been read; the first lines are still those shown."""
        self.counts["rejected"] += len(rejections)
        both = sorted([*self.rejections, *rejections], key=itemgetter(0))
        self.rejections = both[: self.most_shown]


def simulate(
    read: ReadBlocks,
    *,
    court: Court | None = None,
    most_shown: int = ROWS_SHOWN,
    on_progress: Callable[[DryRunResult], None] = lambda _result: None,
) -> DryRunResult:
    """Return what importing the rows would do. `on_progress` is called as it goes on. Raises UnreadableFile."""
    result = DryRunResult(most_shown=most_shown)
    with tables.opened():
        tables.empty("touched", "important_case")
        for batch in stage(read, sender=court, listener=_Listener(result, on_progress)):
            _count_changes(result, batch)
            on_progress(result)
        for rejections in rejected.late(read):
            result.reject_late(rejections)
        result.people = notifications.count_people_to_tell(
            RawSQL("SELECT case_id FROM touched WHERE is_news", []),
            important=RawSQL("SELECT case_id FROM important_case", []),
        )
    return result


@dataclass
class _Listener:
    result: DryRunResult
    on_progress: Callable[[DryRunResult], None]

    def read(self, rows: int, rejections: list[Rejection]) -> None:
        self.result.read(rows, rejections)
        self.on_progress(self.result)


def _count_changes(result: DryRunResult, batch: Batch) -> None:
    outcome = compare(batch)
    for name in ("created", "changed", "withdrawn", "unchanged"):
        result.counts[name] += getattr(outcome, name)
    if not outcome.touches_the_record:
        return
    find_cases(batch)
    note_touched()
    result.warnings += islice(warnings_of(batch, since=0), result.most_shown - len(result.warnings))
    condition, parameters = ProgressEntry.objects.important_in_sql(entry="staged", kind="kind")
    tables.run(_NOTE_IMPORTANT.format(kinds=KIND, is_important=condition), *parameters)
    if missing := ENTRIES_SHOWN - len(result.entries):
        result.entries += _first_entries(missing)


def _first_entries(most: int) -> list[dict]:
    """Return the first entries of a batch under the keys of their columns, the kind by its code."""
    statement = _FIRST_ENTRIES.format(kinds=KIND, values=", ".join(map(_shown, ENTRY_VALUES)))
    keys = ("line", "year", "word", "number", *(column.key for column in ENTRY_VALUES), "change")
    moments = [column.key for column in ENTRY_VALUES if isinstance(column, EntryMoment)]
    entries = [dict(zip(keys, row, strict=True)) for row in tables.select(statement, most)]
    return [entry | {key: tables.moment_as_read(entry[key]) for key in moments} for entry in entries]


def _shown(column: EntryValue) -> str:
    return "kind.code" if isinstance(column, EntryKind) else f"staged.{column.sql_name}"
