"""Imports that overtake others of their court: what was accepted later counts, whichever is stored first.

A small import is stored between two batches of a large one that was accepted before it. It then notes which entries and which
texts of cases it spoke of, and the earlier import leaves these as they are. The notes go as soon as no earlier import of the
court is under way, so where nothing overtakes there are none.
"""

from django.db import connection

from cpor_cases.models import ImportRun, LaterCaseText, LaterEntry

from . import temporary_tables as tables
from .batches import Batch
from .columns import CASE_TEXTS
from .compare import CASE

_LATER_ENTRY, _LATER_TEXT = LaterEntry._meta.db_table, LaterCaseText._meta.db_table
_RUN = ImportRun._meta.db_table
_NOTE_ENTRIES = f"""
INSERT INTO {_LATER_ENTRY} (court_id, entry_id, run_id)
SELECT court_id, entry_id, %s FROM staged WHERE line BETWEEN %s AND %s
ON CONFLICT (court_id, entry_id) DO UPDATE SET run_id = excluded.run_id WHERE {_LATER_ENTRY}.run_id < excluded.run_id
"""  # noqa: S608 (names of ours, here and below)
_NOTE_TEXTS = f"""
INSERT INTO {_LATER_TEXT} (case_id, column_key, run_id)
SELECT DISTINCT known.id, %s, %s FROM staged_case AS sent JOIN {CASE} AS known ON {{same_number}}
WHERE sent.line BETWEEN %s AND %s AND sent.{{name}} <> ''
ON CONFLICT (case_id, column_key) DO UPDATE SET run_id = excluded.run_id WHERE {_LATER_TEXT}.run_id < excluded.run_id
"""  # noqa: S608
_LEAVE_OUT_TEXTS = f"""
UPDATE staged_case SET {{name}} = ''
FROM {_LATER_TEXT} AS later JOIN {CASE} AS known ON known.id = later.case_id
WHERE later.column_key = %s AND later.run_id > %s AND {{same_number}} AND staged_case.line BETWEEN %s AND %s
"""  # noqa: S608
# What another transaction is noting or forgetting at this moment is left to that one, or to the end of the next import.
_FORGET = """
DELETE FROM {notes} WHERE id IN (
    SELECT note.id FROM {notes} AS note {court_of_note} WHERE NOT EXISTS (
        SELECT 1 FROM {runs} AS earlier WHERE earlier.ended_at IS NULL AND earlier.id < note.run_id
        AND (earlier.court_id = {court} OR earlier.court_id IS NULL)
    ) {skip_locked}
)
"""


def overtakes(run: ImportRun, batch: Batch) -> bool:
    """Whether a run is stored before one that was accepted earlier has ended. The batch's courts are locked."""
    return ImportRun.objects.unfinished().concerning(batch.courts).filter(pk__lt=run.pk).exists()


def is_overtaken(run: ImportRun, batch: Batch) -> bool:
    """Whether a run that was accepted later has spoken of entries of the batch's courts. These are locked."""
    return LaterEntry.objects.filter(court__in=batch.courts, run__gt=run.pk).exists()


def note(run: ImportRun, batch: Batch) -> None:
    """Note of which entries and texts of cases a batch that has been stored spoke, those that it left unchanged as well."""
    tables.run(_NOTE_ENTRIES, run.pk, batch.first, batch.last)
    for column in CASE_TEXTS:
        statement = _NOTE_TEXTS.format(name=column.sql_name, same_number=_same_number("sent"))
        tables.run(statement, column.key, run.pk, batch.first, batch.last)


def leave_out_case_texts(run: ImportRun, batch: Batch) -> None:
    """Let the rows of a batch say nothing of a case of which a later run has said it: as if their cells were empty."""
    for column in CASE_TEXTS:
        statement = _LEAVE_OUT_TEXTS.format(name=column.sql_name, same_number=_same_number("staged_case"))
        tables.run(statement, column.key, run.pk, batch.first, batch.last)


def forget() -> None:
    """Delete the notes that concern no run any more, because a run has ended. A transaction is open."""
    skip_locked = "FOR UPDATE OF note SKIP LOCKED" if connection.vendor == "postgresql" else ""
    for notes, court_of_note, court in (
        (_LATER_ENTRY, "", "note.court_id"),
        (_LATER_TEXT, f"JOIN {CASE} AS its_case ON its_case.id = note.case_id", "its_case.court_id"),
    ):
        names = {"notes": notes, "runs": _RUN, "court": court, "court_of_note": court_of_note}
        tables.run(_FORGET.format(skip_locked=skip_locked, **names))


def _same_number(sent: str) -> str:
    return " AND ".join(f"known.{name} = {sent}.{name}" for name in tables.numbers_of_case())
