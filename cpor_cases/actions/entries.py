"""Progress entries typed in the office: each is an import of one row, on the same way as a court's whole export."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases.intake import holds
from cpor_cases.intake.run import run_rows
from cpor_cases.models import Case, ImportRun, OutgoingMail, ProgressEntry
from cpor_core.formfields import moment_as_typed


class NotTaken(Exception):
    """The row was rejected; the sentence says why."""


def record(case: Case, typed: dict, *, by) -> ProgressEntry:
    """Add an entry to a case; when its hold is over, whoever may see the case sees it and is told. Raises NotTaken."""
    return _take(case, f"desk-{uuid.uuid4().hex}", typed, by=by, deed="record")


def correct(entry: ProgressEntry, typed: dict, *, by) -> ProgressEntry:
    """Say anew what an entry holds; whoever may see the case is told, unless it is still on hold. Raises NotTaken."""
    return _take(entry.case, entry.entry_id, typed, by=by, deed="correct")


def withdraw(entry: ProgressEntry, *, by, reason: str = "") -> ProgressEntry:
    """Take an entry back; whoever may see the case is told, unless it was still on hold. Raises NotTaken."""
    typed = as_typed(entry) | {"withdrawn": "1"}
    return _take(entry.case, entry.entry_id, typed, by=by, deed="withdraw", reason=reason)


@transaction.atomic
def publish_now(entry: ProgressEntry, *, by) -> bool:
    """End the hold of an entry, or the wait of the mails about it; False if there is none (any more)."""
    is_published = holds.publish_now(entry.changed_in)
    if is_published:
        log(instance=entry, action="cpor_cases.entry.publish", user=by)
    return is_published


def was_never_seen(entry: ProgressEntry) -> bool:
    """Whether an entry is on hold, or was taken back while it was: nobody has been or will be told of its past."""
    return entry.held_until is not None or entry.withdrawn_at == entry.first_seen_at


def with_time_of_mails(entries: Iterable[ProgressEntry]) -> list[ProgressEntry]:
    """Return entries, each with `told_at`: when the mails go out that still wait for their time; None if none does."""
    entries = list(entries)
    waiting = OutgoingMail.objects.waiting().filter(
        kind=OutgoingMail.Kind.PROGRESS,
        run__in={entry.changed_in_id for entry in entries},
        not_before__gt=timezone.now(),
    )
    times: dict[int, dt.datetime] = dict(waiting.values_list("run", "not_before"))
    for entry in entries:
        entry.told_at = entry.held_until or times.get(entry.changed_in_id)
    return entries


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
    run = run_rows([(1, row)], source=ImportRun.Source.TYPED, court=case.court, by=by)
    if run.rows_rejected:
        raise NotTaken(run.rejected_rows.first().sentence)
    entry = ProgressEntry.objects.select_related("case__court", "kind").get(
        court=case.court, entry_id=entry_id
    )
    data = {"reason_given": reason} if reason else None
    if not run.rows_unchanged:
        log(instance=entry, action=f"cpor_cases.entry.{deed}", user=by, data=data)
    return entry
