"""Progress entries typed in the office: each is an import of one row and is taken as a row of a court's export is.

A typed entry is on hold for a few minutes, so that a clerk can take a mistake back. Until then it is on no page and in no
mail or calendar of a litigant, and ends no query. A task publishes it in the second in which its hold is over; the clock
finds within a minute what no task was there for.
"""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from huey.contrib.djhuey import db_task
from wagtail.log_actions import log

from cpor_cases.actions.imports import begin, import_rows
from cpor_cases.hearings.of_cases import of_case
from cpor_cases.hearings.unclear import keep_unclear
from cpor_cases.mail import notifications, outbox
from cpor_cases.models import Case, ImportRun, OutgoingMail, ProgressEntry
from cpor_cases.permissions import require_right
from cpor_cases.query_period import keep_closing_days
from cpor_core.formfields import moment_as_typed
from cpor_core.models import Court
from cpor_core.task_queue import enqueue, enqueue_on_commit

PUBLISH_FIRST = 50  # before large files, after mail
A_LITTLE_BEHIND = dt.timedelta(seconds=5)


class NotTaken(Exception):
    """The row was rejected; the sentence says why."""


def record(case: Case, typed: dict[str, str], *, by) -> ProgressEntry:
    """Add an entry to a case; it is published and announced when its hold is over. Raises NotTaken."""
    require_right(by, "add_progressentry", case.court)
    return _take(case, f"typed-{uuid.uuid4().hex}", typed, by=by, action="record")


def correct(entry: ProgressEntry, typed: dict[str, str], *, by) -> ProgressEntry:
    """Replace what an entry says; whoever may see the case is told, unless it is still on hold. Raises NotTaken."""
    require_right(by, "change_progressentry", entry.case.court)
    return _take(entry.case, entry.entry_id, typed, by=by, action="correct")


def withdraw(entry: ProgressEntry, *, by, reason: str = "") -> ProgressEntry:
    """Take an entry back; whoever may see the case is told, unless it was still on hold. Raises NotTaken."""
    require_right(by, "change_progressentry", entry.case.court)
    typed = as_typed(entry) | {"withdrawn": "1"}
    return _take(entry.case, entry.entry_id, typed, by=by, action="withdraw", reason=reason)


@transaction.atomic
def publish_now(entry: ProgressEntry, *, by, now: dt.datetime | None = None) -> bool:
    """End the hold of an entry, or the wait of the mails about it; return whether either was still to end."""
    require_right(by, "change_progressentry", entry.case.court)
    run, now = entry.changed_in, now or timezone.now()
    is_published = publish(run, now) or outbox.hurry_progress_mails(run, now) > 0
    if is_published:
        log(instance=entry, action="cpor_cases.entry.publish", user=by)
    return is_published


@transaction.atomic
def choose_hearing(entry: ProgressEntry, at: dt.datetime, *, by, now: dt.datetime | None = None) -> None:
    """Say which of several hearings an entry moved or called off; whoever may see the case is told at once.

    Raises NotTaken if it is clear by now which, or if there is no hearing `at` that time any more.
    """
    require_right(by, "change_progressentry", entry.case.court)
    now = now or timezone.now()
    list(Court.objects.filter(pk=entry.court_id).select_for_update(no_key=True).values_list("pk"))
    mention = of_case(entry.case_id).mentions.get(entry.pk)
    if mention is None or at not in mention.candidates:
        raise NotTaken(_("The hearings of the case have changed meanwhile. Please view the case again."))
    run = begin(source=ImportRun.Source.TYPED, court=entry.case.court, by=by, is_small=True)
    ProgressEntry.objects.filter(pk=entry.pk).update(chosen_hearing_at=at, corrected_at=now, changed_in=run)
    keep_unclear([entry.case_id])
    log(instance=entry, action="cpor_cases.entry.choose_hearing", user=by)
    notifications.progress(run, [entry.case_id])
    done = {"state": ImportRun.State.DONE, "ended_at": now, "rows_read": 1, "rows_changed": 1}
    ImportRun.objects.filter(pk=run.pk).update(**done)
    outbox.release_progress_mails(run, now)


@db_task(priority=PUBLISH_FIRST)
def publish_in_time() -> None:
    """Publish what is due; what will be in the next seconds, by a clock that is a little behind, is looked for again."""
    publish_due()
    soon = timezone.now() + A_LITTLE_BEHIND
    if ProgressEntry.objects.on_hold().filter(held_until__lte=soon).exists():
        enqueue(publish_in_time, delay=1)


def publish_due(now: dt.datetime | None = None) -> int:
    """Publish all entries whose hold is over; return of how many runs that was. The clock does it, for the system."""
    now = now or timezone.now()
    due = ProgressEntry.objects.on_hold().filter(held_until__lte=now)
    runs = ImportRun.objects.filter(pk__in=due.values("changed_in")).order_by("pk")
    return sum(publish(run, now) for run in runs)


@transaction.atomic
def publish(run: ImportRun, now: dt.datetime | None = None) -> bool:
    """Publish what `run` has on hold and post the mails about it, to everyone who may see the case now.

    False if nothing is left: it was published, corrected (in a run of its own) or taken back meanwhile. Each of these
    locks the court, too, so that no entry that somebody has seen is changed without a mail.
    """
    now = now or timezone.now()
    held = ProgressEntry.objects.on_hold().filter(changed_in=run)
    courts = Court.objects.filter(pk__in=held.values("court")).order_by("pk")
    list(courts.select_for_update(no_key=True).values_list("pk"))
    until = dict(held.values_list("case", "held_until"))
    cases = set(until)
    if not cases:
        return False
    held.update(held_until=None, first_seen_at=now)
    keep_closing_days(cases)
    keep_unclear(cases)
    notifications.progress(run, cases)
    outbox.release_progress_mails(run, now, accepted_at=min(now, *until.values()))
    return True


def was_never_seen(entry: ProgressEntry) -> bool:
    """Whether an entry is on hold, or was withdrawn while it was: nobody has been or will be told of its past."""
    return entry.held_until is not None or entry.withdrawn_at == entry.first_seen_at


def with_time_of_mails(entries: Iterable[ProgressEntry]) -> list[ProgressEntry]:
    """Return entries, each with `told_at`: when its waiting mails go out; None if none waits."""
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
    """Return the fields of an entry as they would be typed."""
    return {
        "recorded_at": moment_as_typed(entry.recorded_at),
        "kind": entry.kind.code,
        "detail": entry.detail,
        "hearing_at": moment_as_typed(entry.hearing_at) if entry.hearing_at else "",
        "courtroom": entry.courtroom,
        "moved_from": moment_as_typed(entry.moved_from) if entry.moved_from else "",
    }


def _take(
    case: Case, entry_id: str, typed: dict[str, str], *, by, action: str, reason: str = ""
) -> ProgressEntry:
    row = {
        "court": case.court.code,
        "category": case.category,
        "year": str(case.year),
        "word": case.word,
        "number": str(case.number),
        "entry_id": entry_id,
        "withdrawn": "",
    } | typed
    run = import_rows([(1, row)], source=ImportRun.Source.TYPED, court=case.court, by=by)
    if rejected := run.rejected_rows.first():
        raise NotTaken(rejected.sentence)
    entry = ProgressEntry.objects.select_related("case__court", "kind").get(
        court=case.court, entry_id=entry_id
    )
    if entry.held_until:
        seconds = (entry.held_until - timezone.now()).total_seconds()
        enqueue_on_commit(publish_in_time, delay=max(seconds, 0) + 0.05)
    data = {"reason_given": reason} if reason else None
    if not run.rows_unchanged:
        log(instance=entry, action=f"cpor_cases.entry.{action}", user=by, data=data)
    return entry
