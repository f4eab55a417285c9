"""The life of an import run: started or resumed, carried out to its end, stopped or aborted.

Rows are read, checked and staged, then stored in batches; people are told when the run has ended.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_cases import signals
from cpor_cases.mail import outbox
from cpor_cases.models import ImportRun
from cpor_core import log_context

from . import hearings_ahead, overtaking, rejections, unchanged_files
from . import temporary_tables as tables
from .reading.formats import UnreadableFile
from .rejections import ReadBlocks, Rejection
from .repairs import note_repaired
from .repeated_rejections import note_repeated
from .staging import stage
from .store import RunEnded, store
from .write_gaps import WriteGaps

logger = logging.getLogger(__name__)

HEARTBEAT_TIMEOUT = dt.timedelta(hours=1)  # in which a killed command can be typed again, to tell people once
_COUNTED_ANEW = ("rows_read", "rows_unchanged", "rows_rejected", "rows_superseded")  # by each try
MOST_TRIES = 5  # a file over which so many workers have died is left alone

OnProgress = Callable[[int, int], None]
"""Is told how many rows have been read, and of how many it is known what became of them."""


def no_op(*_figures) -> None:
    """Do nothing."""


def start(run: ImportRun) -> bool:
    """Let this process carry out a waiting run; return False if another has started it."""
    waiting = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.WAITING)
    return bool(waiting.update(state=ImportRun.State.RUNNING, tries=1, heartbeat_at=timezone.now()))


@transaction.atomic
def resume(run: ImportRun) -> bool:
    """Let this process carry out a run again, from its first row, whose process died; return whether it may.

    The caller holds the court's lock, which only a dead process lets go of before its run has ended. What that one stored
    stays, and is announced with the rest when the run ends.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != ImportRun.State.RUNNING:
        return False
    if run.tries >= MOST_TRIES:
        abort(run, failure=_died(run.tries))
        return False
    run.rejected_rows.all().delete()
    run.warnings.all().delete()
    run.tries += 1
    run.heartbeat_at = timezone.now()
    for name in _COUNTED_ANEW:
        setattr(run, name, 0)
    run.save(update_fields=["tries", "heartbeat_at", *_COUNTED_ANEW])
    return True


def carry_out(run: ImportRun, read: ReadBlocks, *, on_progress: OnProgress = no_op) -> ImportRun:
    """Carry out a run and return it ended. Raises the error that aborted it, and RunEnded if somebody has stopped it."""
    if run.court:
        log_context.bind(court=run.court.code)
    try:
        if not unchanged_files.repeat(run):
            _import_all(run, read, on_progress)
        _end(run, ImportRun.State.DONE)
    except UnreadableFile as error:
        rejections.forget(run)
        abort(run, failure=str(error))
        raise
    except RunEnded:
        logger.warning("import %s had been ended already", run.pk)
        raise
    except Exception:
        # What the error says is for the log: a database quotes the row that it refuses.
        logger.exception("import %s was aborted", run.pk)
        abort(run, failure=_fault_of_ours())
        raise
    run.refresh_from_db()
    return run


def _import_all(run: ImportRun, read: ReadBlocks, on_progress: OnProgress) -> None:
    with tables.opened():
        record, gaps, done = _Record(run, on_progress), WriteGaps(), 0
        for batch in hearings_ahead.first(run, stage(read, sender=run.court, listener=record)):
            gaps.between_batches()
            store(run, batch)
            done += batch.rows
            on_progress(record.rows_read, done)
        for late in rejections.late(read):
            rejections.record(run, late)


@dataclass
class _Record:
    """Adds what is read and rejected to the run, as a heartbeat. Ends here if somebody has stopped the run."""

    run: ImportRun
    on_progress: OnProgress = no_op
    rows_read: int = 0

    def read(self, rows: int, rejected: list[Rejection]) -> None:
        self._note(rows, rejected)
        self.rows_read += rows
        self.on_progress(self.rows_read, 0)

    @transaction.atomic
    def _note(self, rows: int, rejected: list[Rejection]) -> None:
        running = ImportRun.objects.filter(pk=self.run.pk, state=ImportRun.State.RUNNING)
        if not running.update(rows_read=F("rows_read") + rows, heartbeat_at=timezone.now()):
            raise RunEnded
        rejections.record(self.run, rejected)


@transaction.atomic
def _end(run: ImportRun, state: ImportRun.State, failure: str = "") -> None:
    """End a run and let its mails go; raise RunEnded if it had ended already."""
    now = timezone.now()
    running = ImportRun.objects.filter(pk=run.pk, ended_at=None)
    if state == ImportRun.State.DONE:
        _count_each_row_once(running)
    if not running.update(state=state, ended_at=now, failure=failure[:300]):
        raise RunEnded
    has_rejections = rejections.count_groups(run, state)
    if state == ImportRun.State.DONE:
        note_repaired(run, now)
        if has_rejections:
            note_repeated(run, now)
    overtaking.forget()
    outbox.release_progress_mails(run, run.end_of_hold(now) or now)
    signals.send_on_commit(signals.import_ended, ImportRun, run=run.pk, state=str(state))


def _count_each_row_once(running: QuerySet) -> None:
    """Correct the counts of a run that was tried several times: the last try finds unchanged what an earlier one stored, or
    superseded if a later run has spoken of it since."""
    run = running.filter(tries__gt=1).select_for_update(of=("self",)).first()
    if run is None:
        return
    surplus = run.rows_done - run.rows_read
    names = ("rows_unchanged", "rows_superseded", "rows_changed", "rows_withdrawn", "rows_created")
    for name in names:
        twice = min(surplus, getattr(run, name))
        setattr(run, name, getattr(run, name) - twice)
        surplus -= twice
    run.save(update_fields=names)


def stop(run: ImportRun) -> bool:
    """End a waiting or running import at the wish of a clerk; return False if it had ended already."""
    try:
        _end(run, ImportRun.State.STOPPED)
    except RunEnded:
        return False
    return True


def abort(run: ImportRun, *, failure: str) -> None:
    """End a run that will not go on. What it stored stays, and people are told of it."""
    try:
        _end(run, ImportRun.State.ABORTED, failure)
    except RunEnded:
        logger.warning("import %s had been ended already", run.pk)


def _fault_of_ours() -> str:
    return _(
        "The service failed during the import. What was imported stays; send the same again, and tell the operator if that does not help."
    )


def process_died() -> str:
    return _("Processing stopped. What was imported stays; send the same again.")


def _died(tries: int) -> str:
    return _("Processing stopped %(tries)d times. What was imported stays; tell the operator.") % {
        "tries": tries
    }


def abort_silent_runs(now: dt.datetime | None = None) -> int:
    """End the runs whose process died and that no worker resumes: no heartbeat for an hour. Return how many there were."""
    silent_since = (now or timezone.now()) - HEARTBEAT_TIMEOUT
    running = ImportRun.objects.filter(state=ImportRun.State.RUNNING, incoming_file=None)
    silent = list(running.filter(heartbeat_at__lt=silent_since))
    for run in silent:
        abort(run, failure=process_died())
    return len(silent)
