"""Rows that are taken although it is doubtful what they mean: kept with the run for its sender."""

from cpor_cases.hearings.of_cases import of_cases
from cpor_cases.models import ImportRun, RunWarning
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS
from cpor_core.roc_dates import in_taipei

from . import temporary_tables as tables
from .batches import Batch
from .compare import ENTRY, KIND

_CHANGES_OF_HEARINGS = """
SELECT staged.line, entry.id, entry.entry_id, entry.case_id
FROM change_set JOIN staged ON staged.line = change_set.line
JOIN {kinds} kind ON kind.id = staged.kind_id AND kind.hearing_effect IN ({effects})
JOIN {entries} entry ON entry.court_id = staged.court_id AND entry.entry_id = staged.entry_id
WHERE change_set.change IN ('new', 'corrected') AND staged.line BETWEEN %s AND %s ORDER BY staged.line
"""


def record(run: ImportRun, batch: Batch) -> None:
    """Keep a warning for each entry, just stored, that moves or calls off a hearing without saying which of several."""
    statement = _CHANGES_OF_HEARINGS.format(
        kinds=KIND, entries=ENTRY, effects=", ".join(f"'{effect.value}'" for effect in CHANGES_OF_HEARINGS)
    )
    rows = tables.select(statement, batch.first, batch.last)
    found = of_cases({case for *_row, case in rows}) if rows else {}
    RunWarning.objects.bulk_create(
        RunWarning(
            run=run,
            line=line,
            entry_id=entry_id,
            code="hearing_unclear",
            parameters={"dates": [f"{in_taipei(each):%Y-%m-%d %H:%M}" for each in mention.candidates]},
        )
        for line, pk, entry_id, case in rows
        if case in found and (mention := found[case].mentions.get(pk)) and mention.is_unclear
    )
