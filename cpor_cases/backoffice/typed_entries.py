"""Progress entries typed at the desk: each is an import of one row, on the same way as a court's whole export."""

import uuid

from wagtail.log_actions import log

from cpor_cases.forms import moment_as_typed
from cpor_cases.intake.run import run_rows
from cpor_cases.models import Case, ImportRun, ProgressEntry


class NotTaken(Exception):
    """The row was rejected; the sentence says why."""


def record(case: Case, typed: dict, *, by) -> ProgressEntry:
    """Add an entry to a case and tell whoever may see it. Raises NotTaken."""
    return _take(case, f"desk-{uuid.uuid4().hex}", typed, by=by, deed="record")


def correct(entry: ProgressEntry, typed: dict, *, by) -> ProgressEntry:
    """Say anew what an entry holds; whoever may see the case is told. Raises NotTaken."""
    return _take(entry.case, entry.entry_id, typed, by=by, deed="correct")


def withdraw(entry: ProgressEntry, *, by, reason: str = "") -> ProgressEntry:
    """Take an entry back; whoever may see the case is told. Raises NotTaken."""
    typed = as_typed(entry) | {"withdrawn": "1"}
    return _take(entry.case, entry.entry_id, typed, by=by, deed="withdraw", reason=reason)


def as_typed(entry: ProgressEntry) -> dict[str, str]:
    """Return an entry as it would be typed."""
    return {
        "recorded_at": moment_as_typed(entry.recorded_at),
        "kind": entry.kind.code,
        "detail": entry.detail,
        "hearing_at": moment_as_typed(entry.hearing_at) if entry.hearing_at else "",
        "courtroom": entry.courtroom,
    }


def _take(case: Case, entry_id: str, typed: dict, *, by, deed: str, reason: str = "") -> ProgressEntry:
    row = {
        "court": case.court.code,
        "category": case.category,
        "year": str(case.year),
        "word": case.word,
        "number": str(case.number),
        "division": case.division,
        "cause": case.cause,
        "entry_id": entry_id,
        "withdrawn": "",
    } | typed
    run = run_rows([(1, row)], source=ImportRun.Source.DESK, court=case.court, by=by)
    if run.rows_rejected:
        raise NotTaken(run.rejected_rows.first().reason)
    entry = ProgressEntry.objects.select_related("case__court", "kind").get(
        court=case.court, entry_id=entry_id
    )
    data = {"reason_given": reason} if reason else None
    if not run.rows_unchanged:
        log(instance=entry, action=f"cpor_cases.entry.{deed}", user=by, data=data)
    return entry
