"""Changed hearings of a large file are stored first, and told as soon as that is done: not when all of the file is stored.

Chosen are the cases that somebody follows and in which a row moves or calls off a hearing, or corrects or withdraws an entry
about one. All rows of such a case are taken, so that one mail says everything of it. They become the first batch: their
lines are shifted below those of all others, in the same order.
"""

from django.db import connection

from cpor_cases.models import CaseAccess, ImportRun, OutgoingMail
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS, HearingEffect

from . import batches
from . import temporary_tables as tables
from .batches import Batch
from .compare import CASE, ENTRY, KIND, entry_differs

LOWER = 2**31 - 1  # than any line of a file: what is shifted has no line above zero
MANY = 1000  # shifted rows, of which PostgreSQL's planner has to know
# The first condition spares the search for most entries. An entry that is not about a hearing any more is told with the rest.
# PostgreSQL would begin with the cases that are followed, if it supposed that there are few, and go through all rows for each:
# what is materialized, or has an offset, is done in the order in which it stands here.
_CHOOSE = """
INSERT INTO ahead_case ({numbers})
WITH changed AS MATERIALIZED (
    SELECT DISTINCT staged.sent_in FROM staged
    JOIN {kinds} AS kind ON kind.id = staged.kind_id
    LEFT JOIN {entries} AS entry ON entry.court_id = staged.court_id AND entry.entry_id = staged.entry_id
    WHERE (staged.hearing_at IS NOT NULL OR staged.withdrawn OR kind.hearing_effect <> '{none}')
    AND (
        entry.id IS NULL AND kind.hearing_effect IN ({changes}) AND NOT staged.withdrawn
        OR entry.id IS NOT NULL
        AND (kind.hearing_effect IN ({changes}) OR staged.hearing_at IS NOT NULL OR entry.hearing_at IS NOT NULL)
        AND (staged.withdrawn <> (entry.withdrawn_at IS NOT NULL) OR NOT staged.withdrawn AND ({entry_differs}))
    )
)
SELECT DISTINCT {named_numbers} FROM changed JOIN staged_case AS named ON named.line = changed.sent_in
WHERE EXISTS (
    SELECT 1 FROM {cases} AS known JOIN {accesses} AS access ON access.case_id = known.id
    WHERE access.ended_at IS NULL AND {same_number} LIMIT 1 OFFSET 0
)
"""
_FIND_THEIR_LINES = """
INSERT INTO ahead (line, case_line)
SELECT line, min(line) OVER (PARTITION BY {numbers}) FROM staged_case JOIN ahead_case USING ({numbers})
"""
# One batch is one transaction, for which the court's other business waits.
_LEAVE_OUT_TOO_MANY = """
DELETE FROM ahead WHERE case_line NOT IN (
    SELECT case_line FROM (
        SELECT ahead.case_line, sum(count(*)) OVER (ORDER BY ahead.case_line) AS so_far
        FROM ahead JOIN staged ON staged.sent_in = ahead.line GROUP BY ahead.case_line
    ) AS counted WHERE so_far <= %s
)
"""
_SHIFT_ROWS = """
UPDATE staged SET line = line - %s, sent_in = sent_in - %s WHERE sent_in IN (SELECT line FROM ahead)
"""
_SHIFT_CASES = """
UPDATE staged_case SET line = staged_case.line - %s, last_line = last_line - %s, case_line = ahead.case_line - %s
FROM ahead WHERE ahead.line = staged_case.line
"""


def first(run: ImportRun, staged: list[Batch]) -> list[Batch]:
    """Return the batches of a file, one of changed hearings before all others if there are any.

    Not of a file that is stored in one batch, and once for each run: whoever was told ahead has the rest in one more mail,
    however often the run is resumed.
    """
    if len(staged) < 2 or OutgoingMail.objects.of_run(run).filter(is_ahead=True).exists():
        return staged
    if not tables.run(_choice()):
        return staged
    tables.run(_FIND_THEIR_LINES.format(numbers=", ".join(tables.numbers_of_case())))
    tables.run(_LEAVE_OUT_TOO_MANY, batches.BATCH)
    return [_shifted(), *map(_counted_anew, staged)]


def _choice() -> str:
    numbers = tables.numbers_of_case()
    return _CHOOSE.format(
        numbers=", ".join(numbers),
        named_numbers=", ".join(f"named.{name}" for name in numbers),
        same_number=" AND ".join(f"known.{name} = named.{name}" for name in numbers),
        accesses=CaseAccess._meta.db_table,
        cases=CASE,
        entries=ENTRY,
        kinds=KIND,
        none=HearingEffect.NONE.value,
        changes=", ".join(f"'{effect.value}'" for effect in CHANGES_OF_HEARINGS),
        entry_differs=entry_differs(),
    )


def _shifted() -> Batch:
    """Shift the lines of what has been chosen and return it as a batch."""
    batch = Batch(first=1 - LOWER, last=0, shifted_by=LOWER)
    batch.rows = tables.run(_SHIFT_ROWS, LOWER, LOWER)
    tables.run(_SHIFT_CASES, LOWER, LOWER, LOWER)
    if connection.vendor == "postgresql" and batch.rows > MANY:
        tables.run("ANALYZE staged (line, sent_in, court_id, entry_id), staged_case (line, case_line)")
    found = tables.select("SELECT DISTINCT court_id FROM staged WHERE line <= %s", batch.last)
    batch.courts = {court for (court,) in found}
    return batch


def _counted_anew(batch: Batch) -> Batch:
    batch.rows = tables.count_between(batch.first, batch.last)
    return batch
