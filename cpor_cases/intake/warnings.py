"""Rows that are taken although it is doubtful what they mean: an import keeps them for its sender, a dry run lists them."""

from collections import defaultdict
from collections.abc import Iterator

from cpor_cases.hearings.foreseen import SentEntry, hearings_with
from cpor_cases.models import ImportRun, RunWarning
from cpor_core.roc_dates import in_taipei

from . import temporary_tables as tables
from .batches import Batch
from .compare import ENTRY, KIND

_CHANGES_OF_HEARINGS = "SELECT line FROM change_set WHERE changes_hearing"
# All rows of the cases in which a row of the batch changes a hearing: what it changes may be sent in the same file.
_ROWS_OF_THEIR_CASES = """
SELECT meant.case_line, meant.case_id, staged.line, staged.entry_id, entry.id, kind.hearing_effect,
    staged.recorded_at, staged.hearing_at, staged.courtroom, staged.moved_from, staged.withdrawn
FROM staged JOIN staged_case AS named ON named.line = staged.sent_in
JOIN sent_case AS meant ON {same_number}
JOIN {kinds} AS kind ON kind.id = staged.kind_id
LEFT JOIN {entries} AS entry ON entry.court_id = staged.court_id AND entry.entry_id = staged.entry_id
WHERE staged.line BETWEEN %s AND %s
AND meant.case_line IN (SELECT case_line FROM change_set WHERE changes_hearing)
ORDER BY staged.line
"""


def record(run: ImportRun, batch: Batch) -> None:
    """Keep the warnings of a batch with its run. The batches before it are on record."""
    found = list(warnings_of(batch, since=batch.first))
    for warning in found:
        warning.run = run
        warning.line += batch.shifted_by
    RunWarning.objects.bulk_create(found)


def warnings_of(batch: Batch, *, since: int) -> Iterator[RunWarning]:
    """Yield a warning, not saved, for each row that moves or calls off a hearing without saying which of several.

    `change_set` and `sent_case` hold what the batch does. The rows from the line `since` on count as if they were on record:
    of an import those of the batch, of a dry run all that were read.
    """
    changes = {line for (line,) in tables.select(_CHANGES_OF_HEARINGS)}
    if not changes:
        return
    sent, cases = defaultdict(list), {}
    for case_line, case, entry in _rows_of_their_cases(since, batch.last):
        sent[case_line].append(entry)
        cases[case_line] = case
    found = hearings_with(sent, cases)
    for case_line, entries in sent.items():
        for entry in entries:
            mention = found[case_line].mentions.get(entry.pk)
            if entry.line in changes and mention and mention.is_unclear:
                dates = [f"{in_taipei(each):%Y-%m-%d %H:%M}" for each in mention.candidates]
                yield RunWarning(
                    line=entry.line,
                    entry_id=entry.entry_id,
                    code="hearing_unclear",
                    parameters={"dates": dates},
                )


def _rows_of_their_cases(first: int, last: int) -> Iterator[tuple[int, int | None, SentEntry]]:
    """Yield the rows between two lines by case: the line by which it goes, its key unless it is new, the row."""
    statement = _ROWS_OF_THEIR_CASES.format(
        kinds=KIND,
        entries=ENTRY,
        same_number=" AND ".join(f"meant.{name} = named.{name}" for name in tables.numbers_of_case()),
    )
    rows = tables.select(statement, first, last)
    for case_line, case, line, entry_id, pk, effect, recorded, at, courtroom, moved_from, withdrawn in rows:
        yield (
            case_line,
            case,
            SentEntry(
                line=line,
                entry_id=entry_id,
                on_record=pk,
                effect=effect,
                recorded_at=tables.moment_as_read(recorded),
                hearing_at=tables.moment_as_read(at),
                courtroom=courtroom,
                moved_from=tables.moment_as_read(moved_from),
                is_withdrawn=bool(withdrawn),
            ),
        )
