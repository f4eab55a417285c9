"""One import from end to end: rows are read, checked and staged; stored in batches; people told when it is done.

Every door takes this way: the command, the desk (one typed entry is an import of one row), the API.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_cases.mail import outbox
from cpor_cases.models import ImportRun, RejectedRow
from cpor_core.models import Court
from cpor_core.reasons import Reason

from . import staging, unchanged_files
from .checks import Checker, CleanRows, RowRejected
from .reading.formats import UnreadableFile
from .reading.rows import Block, NotPlain, Row
from .staging import Batch, OpenBatch
from .store import RunEnded, store

logger = logging.getLogger(__name__)

BATCH = 20_000  # a court's other business waits for one batch at most
FEW_ROWS = 15  # are checked one by one, if something is wrong with any of them
MOST_REJECTIONS_IN_MEMORY = 500
HEARTBEAT_SECONDS = 1.0  # seconds
HEARTBEAT_TIMEOUT = dt.timedelta(hours=1)  # in which a killed command can be typed again, to tell people once
MOST_TRIES = 5  # a file over which so many workers have died is left alone

Rejection = tuple[int, Reason, Row]
ReadBlocks = Callable[[], Iterable[Block]]
"""Reads the rows, line numbers ascending; is called again for the words of rows turned down late."""
OnProgress = Callable[[int, int], None]
"""Is told how many rows have been read, and of how many it is known what became of them."""


def no_op(*_figures) -> None:
    """Do nothing."""


def start(run: ImportRun) -> bool:
    """Take a waiting run in hand; return whether it was this caller who did."""
    waiting = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.WAITING)
    return bool(waiting.update(state=ImportRun.State.RUNNING, tries=1, heartbeat_at=timezone.now()))


@transaction.atomic
def resume(run: ImportRun) -> bool:
    """Take a run in hand whose process died, to be carried out again from its first row; whether it may be.

    To be called by whoever holds the court's turn: only a dead one has let go of it. What it stored stays, and is announced
    with the rest when the run ends.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != ImportRun.State.RUNNING:
        return False
    if run.tries >= MOST_TRIES:
        abort(run, failure=_died(run.tries))
        return False
    run.rejected_rows.all().delete()
    run.tries += 1
    run.rows_read = run.rows_unchanged = run.rows_rejected = 0
    run.heartbeat_at = timezone.now()
    run.save(update_fields=["tries", "rows_read", "rows_unchanged", "rows_rejected", "heartbeat_at"])
    return True


def carry_out(run: ImportRun, read: ReadBlocks, *, on_progress: OnProgress = no_op) -> ImportRun:
    """Do a run that was begun, and return it ended. Raises what broke it off, and RunEnded if somebody stopped it."""
    try:
        if not unchanged_files.repeat(run):
            _take_all(run, read, on_progress)
        _end(run, ImportRun.State.DONE)
    except UnreadableFile as error:
        _forget_what_was_read(run)
        abort(run, failure=str(error))
        raise
    except RunEnded:
        logger.warning("import %s had been ended already", run.pk)
        raise
    except Exception:
        # What the error says is for the log: a database quotes the row that it refuses.
        logger.exception("import %s broke off", run.pk)
        abort(run, failure=_fault_of_ours())
        raise
    run.refresh_from_db()
    return run


@transaction.atomic
def _forget_what_was_read(run: ImportRun) -> None:
    """Keep no row of a file that is refused as a whole, not even as a rejected one."""
    run.rejected_rows.all().delete()
    ImportRun.objects.filter(pk=run.pk).update(rows_read=0, rows_rejected=0)


def _take_all(run: ImportRun, read: ReadBlocks, on_progress: OnProgress) -> None:
    with staging.staging():
        record, done = _Record(run, on_progress), 0
        for batch in stage(read, sender=run.court, record=record):
            store(run, batch)
            done += batch.rows
            on_progress(record.rows_read, done)
        _reject_late(run, read)


def stage(read: ReadBlocks, *, sender: Court | None, record: "Listener") -> list[Batch]:
    """Read and check all rows and stage the clean ones; return them in batches. `record` hears of the progress made."""
    checker = Checker(sender=sender)
    checker.look_up()
    reading, batches = _Reading(checker, iter(read())), []
    while not reading.is_over:
        staging.add(reading.some())
        staging.add_rejected(reading.rejected_keys())
        for batch, cases in reading.closed_batches():
            staging.add_cases(cases)
            batches.append(batch)
        record.read(reading.lines, reading.rejections)
    if staging.settle():
        for batch in batches:
            batch.rows = staging.count_between(batch.first, batch.last)
    return batches


@dataclass
class _Reading:
    """Rows being read and checked, some at a time."""

    checker: Checker
    blocks: Iterator[Block]
    is_over: bool = False
    lines: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    _batches: list[OpenBatch] = field(default_factory=list)

    def some(self) -> Iterator[tuple]:
        """Yield clean rows to be staged until it is time for a sign of life; keep the rejected ones."""
        self.lines, self.rejections = 0, []
        end = monotonic() + HEARTBEAT_SECONDS
        for block in self.blocks:
            for clean in self._checked(block):
                for batch, rows in self._spread(clean):
                    yield from batch.take(rows)
            if self.lines >= BATCH or len(self.rejections) >= MOST_REJECTIONS_IN_MEMORY or monotonic() > end:
                return
        self.is_over = True

    def closed_batches(self) -> Iterator[tuple[Batch, Iterator[tuple]]]:
        """Yield the batches to which nothing will be added any more, with their cases."""
        while self._batches and (self.is_over or len(self._batches) > 1):
            yield self._batches.pop(0).closed()

    def rejected_keys(self) -> Iterator[tuple[int, int, str]]:
        for line, _reason, row in self.rejections:
            if key := self.checker.entry_key(row):
                yield (line, *key)

    def _checked(self, block: Block) -> Iterator[CleanRows]:
        """Yield the clean rows of a block: together, or in parts, or one by one where something is wrong."""
        try:
            clean = self.checker.check_together(block)
        except NotPlain:
            if len(block) <= FEW_ROWS:
                yield from self._checked_alone(block)
            else:
                for part in block.parts(FEW_ROWS):
                    yield from self._checked(part)
        else:
            self.lines += len(block)
            yield clean

    def _checked_alone(self, block: Block) -> Iterator[CleanRows]:
        for line, row in block.rows():
            self.lines += 1
            try:
                clean = self.checker.check(line, row)
            except RowRejected as rejection:
                self.rejections.append((line, rejection.reason.named(block.headings), row))
            else:
                yield CleanRows(*([value] for value in clean))

    def _spread(self, clean: CleanRows) -> Iterator[tuple[OpenBatch, CleanRows]]:
        """Yield clean rows with the batch they belong to: the last one, as long as it has room, then a new one."""
        while clean.line:
            if not self._batches or self._batches[-1].rows == BATCH:
                self._batches.append(OpenBatch(first=clean.line[0]))
            room = BATCH - self._batches[-1].rows
            yield self._batches[-1], CleanRows(*(column[:room] for column in clean))
            clean = CleanRows(*(column[room:] for column in clean))


class Listener(Protocol):
    """Hears how reading goes on."""

    def read(self, rows: int, rejections: list[Rejection]) -> None: ...


@dataclass
class _Record:
    """Puts what is read and rejected on record: with a sign of life; where somebody stopped the run, it ends here."""

    run: ImportRun
    on_progress: OnProgress = no_op
    rows_read: int = 0

    def read(self, rows: int, rejections: list[Rejection]) -> None:
        self._note(rows, rejections)
        self.rows_read += rows
        self.on_progress(self.rows_read, 0)

    @transaction.atomic
    def _note(self, rows: int, rejections: list[Rejection]) -> None:
        running = ImportRun.objects.filter(pk=self.run.pk, state=ImportRun.State.RUNNING)
        if not running.update(rows_read=F("rows_read") + rows, heartbeat_at=timezone.now()):
            raise RunEnded
        _reject(self.run, rejections)


def _reject_late(run: ImportRun, read: ReadBlocks) -> None:
    for rejections in late_rejections(read):
        _reject(run, rejections)


def late_rejections(read: ReadBlocks) -> Iterator[list[Rejection]]:
    """Yield, block by block, the rows that were rejected after all had been read, as they were sent."""
    if not staging.count("rejected_late"):
        return
    for block in read():
        lines = block.lines()
        if counting := staging.rejected_late(lines[0], lines[-1]):
            yield [
                (line, _late_reason(counting[line]).named(block.headings), row)
                for line, row in block.rows()
                if line in counting
            ]


def _late_reason(counting_line: int | None) -> Reason:
    if counting_line is None:
        return Reason("entry_of_another_case", "entry_id")
    return Reason("later_line_counts", "entry_id", {"last": counting_line})


@transaction.atomic
def _reject(run: ImportRun, rejections: list[Rejection]) -> None:
    if not rejections:
        return
    RejectedRow.objects.bulk_create(
        [RejectedRow.of(run, line, reason, row) for line, reason, row in rejections],
        500,
    )
    ImportRun.objects.filter(pk=run.pk).update(
        rows_rejected=F("rows_rejected") + len(rejections), heartbeat_at=timezone.now()
    )


@transaction.atomic
def _end(run: ImportRun, state: ImportRun.State, failure: str = "") -> None:
    """End a run and let its mails go; raise RunEnded if it had ended already."""
    now = timezone.now()
    running = ImportRun.objects.filter(pk=run.pk, ended_at=None)
    if state == ImportRun.State.DONE:
        _count_each_row_once(running)
    if not running.update(state=state, ended_at=now, failure=failure[:300]):
        raise RunEnded
    outbox.release_progress_mails(run, run.end_of_hold(now) or now)


def _count_each_row_once(running: QuerySet) -> None:
    """Of a run that was tried several times: what an earlier try stored is no unchanged row of the last one."""
    run = running.filter(tries__gt=1).select_for_update(of=("self",)).first()
    if run is None:
        return
    surplus = run.rows_done - run.rows_read
    for name in ("rows_unchanged", "rows_changed", "rows_withdrawn", "rows_created"):
        twice = min(surplus, getattr(run, name))
        setattr(run, name, getattr(run, name) - twice)
        surplus -= twice
    run.save(update_fields=["rows_unchanged", "rows_changed", "rows_withdrawn", "rows_created"])


def stop(run: ImportRun) -> bool:
    """End a run that waits or runs because a clerk wants it; return whether it had not ended yet."""
    try:
        _end(run, ImportRun.State.STOPPED)
    except RunEnded:
        return False
    return True


def abort(run: ImportRun, *, failure: str) -> None:
    """End a run that will not go on. What it stored stays, and whoever it concerns is told."""
    try:
        _end(run, ImportRun.State.ABORTED, failure)
    except RunEnded:
        logger.warning("import %s had been ended already", run.pk)


def _fault_of_ours() -> str:
    return _(
        "The service failed while taking it in. What was taken stays; send the same again, and tell the operator if "
        "that does not help."
    )


def process_died() -> str:
    return _("The process that took it in has died. What was taken stays; send the same again.")


def _died(tries: int) -> str:
    return _("%(tries)d processes died over it. What was taken stays; tell the operator.") % {"tries": tries}


def abort_silent_runs(now: dt.datetime | None = None) -> int:
    """End the runs whose process died and that no worker resumes: no heartbeat for an hour. Return how many there were."""
    silent_since = (now or timezone.now()) - HEARTBEAT_TIMEOUT
    running = ImportRun.objects.filter(state=ImportRun.State.RUNNING, incoming_file=None)
    silent = list(running.filter(heartbeat_at__lt=silent_since))
    for run in silent:
        abort(run, failure=process_died())
    return len(silent)
