"""What the worker does with incoming files: a dry run, or the import; one small and one large file of a court at a time.

The row says what is to be done, and the queue only makes a worker act sooner: the clock finds what no worker was told of.
A file in work whose court's lock is free is in no worker's hands: none has begun, or the one that had has died.
"""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from huey.contrib.djhuey import db_task

from cpor_cases.models import ImportRun, IncomingFile, IncomingFilePart
from cpor_cases.models.incoming_files import IncomingFileQuerySet
from cpor_core.task_queue import enqueue, enqueue_on_commit
from cpor_core.worker_slots import SLOTS

from . import court_locks, unchanged_files
from . import run as runs
from .dry_run import DryRunResult, simulate
from .reading.formats import UnreadableFile, read_blocks
from .run import MOST_TRIES
from .store import RunEnded

logger = logging.getLogger(__name__)

State = IncomingFile.State
SMALL_FIRST = 50  # the priority of a small file's task, below that of mail


class Discarded(Exception):
    """The file was discarded during its dry run."""


def enqueue_once_committed(file: IncomingFile) -> None:
    """Have a worker process a file as soon as the transaction that put it in work is committed."""
    enqueue_on_commit(process, file.pk, priority=_priority_of(file))


def enqueue_waiting() -> int:
    """Have workers process the oldest files in work of each court. Return how many these are."""
    oldest = IncomingFile.objects.in_work().first_of_each_lane()
    for file in oldest:
        enqueue(process, file.pk, priority=_priority_of(file))
    return len(oldest)


def _priority_of(file: IncomingFile) -> int:
    return SMALL_FIRST if file.is_small else 0


@db_task()
def process(key: int) -> None:
    """Do what is to be done with the oldest small or large file of a court, given the key of any such file in work.

    It may come twice, or too early, or when the file is gone: then it does nothing.
    """
    file = IncomingFile.objects.in_work().filter(pk=key).first()
    if file is None:
        return
    slot = SLOTS.for_small_file() if file.is_small else SLOTS.for_large_file()
    with slot as is_free:
        process_oldest = _process_oldest_small if file.is_small else _process_oldest_large
        if not is_free or not process_oldest(file.court_id):
            return
    enqueue_waiting()


def _process_oldest_small(court_id: int) -> bool:
    """Process the oldest small file of a court, unless another worker is at one; return whether there was one to claim.

    It waits for no large file of the court, nor for one of all courts: `overtaking` keeps the order.
    """
    with court_locks.lock_of_court(court_id, is_small=True) as is_ours:
        return is_ours and _process(_in_work(court_id, is_small=True).first())


def _process_oldest_large(court_id: int) -> bool:
    """Process the oldest large file of a court, unless another worker is at one; return whether there was one to claim.

    The lock covers dry runs as well: else two files of one court could hold every worker. An import for all courts stands in
    the way of no dry run.
    """
    with court_locks.lock_of_court(court_id) as is_ours, court_locks.lock_beside_others() as may_import:
        return is_ours and _process(_oldest_large(court_id, may_import=may_import))


def _process(oldest: IncomingFile | None) -> bool:
    if oldest is not None and (file := _claim(oldest.pk)):
        with translation.override(file.language):
            _import(file, file.run) if file.run else _try_out(file)
    return oldest is not None


def _in_work(court_id: int, *, is_small: bool) -> IncomingFileQuerySet:
    return IncomingFile.objects.in_work().filter(court=court_id, is_small=is_small).in_order()


def _oldest_large(court_id: int, *, may_import: bool) -> IncomingFile | None:
    """Return the large file that is to be processed first.

    A small one that was accepted before it comes first: it would have to be noted of every row that it was overtaken.
    """
    oldest = _in_work(court_id, is_small=False).first()
    if oldest is None or oldest.state == State.DRY_RUN:
        return oldest
    small = _in_work(court_id, is_small=True).filter(run__lt=oldest.run_id)
    return oldest if may_import and not small.exists() else None


@transaction.atomic
def _claim(key: int) -> IncomingFile | None:
    """Count one more try of a file in work and return it; None if it has been tried too often or its run has ended."""
    in_work = IncomingFile.objects.in_work().select_related("run", "court").select_for_update(of=("self",))
    file = in_work.filter(pk=key).first()
    if file is None:
        return None
    may_go_on = _may_import(file, file.run) if file.run else _may_try_out(file)
    if not may_go_on:
        return None
    file.claimed_at = timezone.now()
    file.save(update_fields=["claimed_at", "tries"])
    return file


def _may_try_out(file: IncomingFile) -> bool:
    if file.tries < MOST_TRIES:
        file.tries += 1
        return True
    with translation.override(file.language):
        sentence = _(
            "Reading the file failed %(tries)d times; nothing was stored. Send it in parts, and tell the operator "
            "if that does not help."
        )
        _end_dry_run(file, sentence % {"tries": file.tries})
    return False


def _may_import(file: IncomingFile, run: ImportRun) -> bool:
    with translation.override(file.language):
        if runs.start(run) or runs.resume(run):
            return True
    _settle(file, run)
    return False


def _try_out(file: IncomingFile) -> None:
    """Find out what importing the file would do. Each error ends in a sentence for the clerk: else it would be read for ever."""
    try:
        with _on_disk(file) as path:
            result = simulate(
                partial(read_blocks, path, file.file_name),
                court=file.court,
                on_progress=partial(_note_progress, file),
            )
        _note(file, state=State.READY, rows_read=result.counts["read"], dry_run_result=result.as_json())
    except UnreadableFile as error:
        _end_dry_run(file, str(error))
    except Discarded:
        logger.info("incoming file %s was discarded during its dry run", file.pk)
    except Exception:
        logger.exception("the dry run of incoming file %s was aborted", file.pk)
        sentence = _(
            "Reading the file failed because of a fault of this service; nothing was stored. Upload it again, and tell "
            "the operator if that does not help."
        )
        _end_dry_run(file, sentence)


@transaction.atomic
def _end_dry_run(file: IncomingFile, failure: str) -> None:
    """Tell the clerk why a file cannot be imported, and keep its content no longer."""
    _note(file, state=State.UNREADABLE, failure=failure[:500])
    file.parts.all().delete()


def _note_progress(file: IncomingFile, result: DryRunResult) -> None:
    if not _note(file, rows_read=result.counts["read"]):
        raise Discarded


def _note(file: IncomingFile, **facts) -> int:
    return IncomingFile.objects.filter(pk=file.pk, state=State.DRY_RUN).update(**facts)


def _import(file: IncomingFile, run: ImportRun) -> None:
    try:
        with _on_disk(file) as path:
            ImportRun.objects.filter(pk=run.pk).update(digest=unchanged_files.digest_of(path))
            run.refresh_from_db()
            runs.carry_out(run, partial(read_blocks, path, file.file_name))
    except (UnreadableFile, RunEnded):
        logger.info("import %s has not been carried out to its end", run.pk)
    finally:
        _settle(file, run)


@transaction.atomic
def _settle(file: IncomingFile, run: ImportRun) -> None:
    """Note how the run of a file has ended, if it has. Keep the content only where a clerk may import the rest of it."""
    run.refresh_from_db()
    if run.ended_at is None:
        return
    state = State.IMPORTED if run.state == ImportRun.State.DONE else State.STOPPED
    importing = IncomingFile.objects.filter(pk=file.pk, run=run, state=State.IMPORTING)
    if importing.update(state=state) and (state == State.IMPORTED or file.token_id):
        file.parts.all().delete()


@contextmanager
def _on_disk(file: IncomingFile) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="incoming-") as copy:
        for piece in IncomingFilePart.pieces_of(file):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)
