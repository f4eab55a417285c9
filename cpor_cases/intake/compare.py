"""What the rows of a batch do to the record as it stands: its change set, found in one statement.

Rows that differ in nothing are found here and left out of every statement that writes: an upsert would write each of them anew.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from cpor_cases.models import Case, ImportRun, LaterEntry, ProgressEntry
from cpor_core.models import ProgressKind
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS

from . import rejections
from . import temporary_tables as tables
from .batches import Batch
from .columns import CASE_TEXTS, ENTRY_VALUES, EntryText, EntryValue
from .text_meaning import differs

CASE = Case._meta.db_table
ENTRY = ProgressEntry._meta.db_table
KIND = ProgressKind._meta.db_table


class Change(StrEnum):
    """What a row does, as the table `change_set` says it."""

    NEW = "new"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    FACTS = "facts"
    """The entry stands as it is; something else is said of its case."""
    MOVED = "moved"
    """The entry stands in another case on record: the row is rejected."""
    SUPERSEDED = "superseded"
    """A later import has spoken of the entry already; something else may be said of its case."""


_COMPARE = """
INSERT INTO change_set (line, case_line, change, entry, is_unknown, case_id, was_on_hold, may_close, is_news,
    about_hearing, changes_hearing)
SELECT line, case_line, change, entry, entry IS NULL AND change <> 'superseded', case_id, was_on_hold,
    change NOT IN ('facts', 'superseded') AND (entry IS NOT NULL OR is_turning),
    CASE change WHEN 'new' THEN NOT %s WHEN 'corrected' THEN NOT (was_on_hold AND %s)
    WHEN 'withdrawn' THEN entry IS NOT NULL AND NOT was_on_hold ELSE FALSE END,
    change NOT IN ('facts', 'superseded') AND (entry IS NOT NULL OR names_hearing OR changes_hearing),
    changes_hearing AND change IN ('new', 'corrected')
FROM (
    SELECT staged.line, sent.case_line, entry.id AS entry, entry.case_id, entry.held_until IS NOT NULL AS was_on_hold,
        kind.ends_query OR kind.resumes_query AS is_turning,
        staged.hearing_at IS NOT NULL AS names_hearing, kind.hearing_effect IN ({changes_of_hearings}) AS changes_hearing,
        CASE
        WHEN sent.number <> held.number OR sent.year <> held.year OR sent.word <> held.word
            OR sent.category <> held.category THEN 'moved'
        {when_superseded}
        WHEN entry.id IS NULL THEN CASE WHEN staged.withdrawn THEN 'withdrawn' ELSE 'new' END
        WHEN staged.withdrawn AND entry.withdrawn_at IS NULL THEN 'withdrawn'
        WHEN NOT staged.withdrawn AND (entry.withdrawn_at IS NOT NULL OR {entry_differs}) THEN 'corrected'
        WHEN {case_differs} THEN 'facts'
        END AS change
    FROM staged
    JOIN staged_case sent ON sent.line = staged.sent_in AND sent.line BETWEEN %s AND %s
    JOIN {kinds} kind ON kind.id = staged.kind_id
    LEFT JOIN {entries} entry ON entry.court_id = staged.court_id AND entry.entry_id = staged.entry_id
    LEFT JOIN {cases} held ON held.id = entry.case_id
    {later_entries}
    WHERE staged.line BETWEEN %s AND %s
) AS compared WHERE change IS NOT NULL
"""
# The batch's lines are named wherever its rows are: else the whole file is gone through for each batch.
_LATER_ENTRIES = """
    LEFT JOIN {later} AS later ON later.court_id = staged.court_id AND later.entry_id = staged.entry_id AND later.run_id > %s
"""


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of one batch."""

    created: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    superseded: int = 0
    rejected_late: int = 0
    touches_the_record: bool = False
    touches_what_is_on_hold: bool = False


def compare(batch: Batch, *, puts_on_hold: bool = False, overtaken: ImportRun | None = None) -> Outcome:
    """Fill `change_set` with what the rows of a batch do to the record as it stands, and reject what cannot be.

    `overtaken` is the run, if a later one has spoken of entries already.
    """
    tables.empty("change_set", rows=batch.rows)
    lines = batch.first, batch.last
    later_than = [overtaken.pk] if overtaken else []
    statement = _comparison(is_overtaken=overtaken is not None)
    tables.run(statement, puts_on_hold, puts_on_hold, *lines, *later_than, *lines)
    counted = tables.select(
        "SELECT change, count(*), count(CASE WHEN was_on_hold THEN 1 END) FROM change_set GROUP BY change"
    )
    changes = Counter({change: rows for change, rows, _on_hold in counted})
    if changes[Change.MOVED]:
        rejections.reject_moved(batch)
    return Outcome(
        created=changes[Change.NEW],
        changed=changes[Change.CORRECTED],
        withdrawn=changes[Change.WITHDRAWN],
        rejected_late=changes[Change.MOVED],
        unchanged=batch.rows - changes.total() + changes[Change.FACTS],
        superseded=changes[Change.SUPERSEDED],
        touches_the_record=changes.total() > changes[Change.MOVED],
        touches_what_is_on_hold=any(on_hold for _change, _rows, on_hold in counted),
    )


def _comparison(*, is_overtaken: bool) -> str:
    later = _LATER_ENTRIES.format(later=LaterEntry._meta.db_table)
    return _COMPARE.format(
        later_entries=later if is_overtaken else "",
        when_superseded="WHEN later.run_id IS NOT NULL THEN 'superseded'" if is_overtaken else "",
        entries=ENTRY,
        cases=CASE,
        kinds=KIND,
        entry_differs=entry_differs(),
        case_differs=case_texts_differ("sent", "held"),
        changes_of_hearings=", ".join(f"'{effect.value}'" for effect in CHANGES_OF_HEARINGS),
    )


def entry_differs() -> str:
    """Return the condition that a row, `staged`, corrects the `entry` on record."""
    return " OR ".join(map(_entry_differs, ENTRY_VALUES))


def _entry_differs(column: EntryValue) -> str:
    """Return the condition that a row corrects a value of the entry. Of texts only what differs in meaning does."""
    on_record, sent = f"entry.{column.sql_name}", f"staged.{column.sql_name}"
    if isinstance(column, EntryText):
        return differs(on_record, sent)
    return f"{on_record} IS DISTINCT FROM {sent}" if column.is_nullable else f"{on_record} <> {sent}"


def case_texts_differ(sent: str, held: str) -> str:
    """Return the condition that one table sends another text of the case than the other holds; an empty one is none."""
    return " OR ".join(
        f"({sent}.{name} <> '' AND {sent}.{name} <> {held}.{name})"
        for name in (column.sql_name for column in CASE_TEXTS)
    )
