"""A court's export handed in at the desk: rehearsed by the worker, then, when its clerk says so, taken by the worker.

The row is the truth and the queue only rings: an upload whose worker died is found by the clock, and taking it again with
the same file completes what was begun. The file lies in the database in pieces: all machines share it, nobody can browse
it, and it goes with the row, when it has been taken or after a day.
"""

import datetime as dt
import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from huey.contrib.djhuey import db_task
from wagtail.log_actions import log

from cpor_cases.models import ImportRun, Upload, UploadPart
from cpor_cases.models.uploads import NEVER
from cpor_cases.permissions import require_right
from cpor_core.models import Court
from cpor_core.task_queue import enqueue, enqueue_on_commit

from . import court_locks, unchanged_files
from .dry_run import DryRunResult, simulate
from .reading.formats import UnreadableFile, read_blocks
from .run import MOST_TRIES, RunEnded, begin, carry_out, resume, stop

logger = logging.getLogger(__name__)

MOST_BYTES = 100 * 1024 * 1024
State = Upload.State


class Discarded(Exception):
    """The upload was thrown away while it was being rehearsed."""


@transaction.atomic
def keep(name: str, pieces: Iterable[bytes], *, court: Court, clerk) -> Upload:
    """Keep a file that was handed in, and have the worker rehearse it."""
    require_right(clerk, "add_importrun", court)
    upload = Upload.objects.create(
        court=court, clerk=clerk, file_name=name[:200], language=get_language() or "zh-hant"
    )
    UploadPart.keep(upload, pieces)
    log(instance=upload, action="cpor_cases.upload.rehearse", user=clerk)
    _ring(upload)
    return upload


@transaction.atomic
def take(upload: Upload, *, by) -> bool:
    """Have the worker take a rehearsed file, or the rest of one that was stopped; False if that has been said before."""
    upload = Upload.objects.select_for_update(of=("self",)).select_related("court").get(pk=upload.pk)
    require_right(by, "add_importrun", upload.court)
    if not upload.may_be_taken:
        return False
    upload.state, upload.clerk, upload.heartbeat_at = State.TAKING, by, NEVER
    upload.save(update_fields=["state", "clerk", "heartbeat_at"])
    log(instance=upload, action="cpor_cases.upload.take", user=by)
    _ring(upload)
    return True


@transaction.atomic
def halt(upload: Upload, *, by) -> None:
    """Stop taking a file after the batch in hand. What was stored stays, and whoever it concerns is told."""
    require_right(by, "add_importrun", upload.court)
    upload = Upload.objects.select_for_update(of=("self",)).select_related("run").get(pk=upload.pk)
    if upload.state == State.TAKING:
        if upload.run:
            stop(upload.run, by=by)
        Upload.objects.filter(pk=upload.pk).update(state=State.STOPPED)


@transaction.atomic
def discard(upload: Upload, *, by) -> None:
    """Throw a file away that is not to be taken."""
    require_right(by, "add_importrun", upload.court)
    gone, _models = Upload.objects.filter(pk=upload.pk).exclude(state=State.TAKING).delete()
    if gone:
        log(instance=upload, action="cpor_cases.upload.discard", user=by, deleted=True)


def _ring(upload: Upload) -> None:
    enqueue_on_commit(work, upload.pk)


def resume_what_a_dead_worker_left(now: dt.datetime | None = None) -> int:
    """Ring for uploads that no worker has in hand, one of each court, and throw away those of yesterday.

    Returns how many were rung for.
    """
    Upload.objects.expired(now).exclude(state__in=[State.REHEARSING, State.TAKING]).delete()
    due = Upload.objects.due(now).first_of_each_court()
    for key in due:
        enqueue(work, key)
    return len(due)


court_locks.free_again.append(resume_what_a_dead_worker_left)


@db_task()
def work(key: int) -> None:
    """Rehearse or take an upload. It may come twice: whoever comes second finds it in hand, or done, or gone."""
    with court_locks.worker_slot() as is_free:
        upload = is_free and Upload.objects.due().filter(pk=key).first()
        if not upload:
            return
        # One file of a court at a time, dry runs as well: else two of its files could hold every worker.
        is_dry_run = upload.state == State.REHEARSING
        with (court_locks.court_lock_for_dry_run if is_dry_run else court_locks.court_lock)(
            upload.court_id
        ) as is_ours:
            if not is_ours:
                return
            _work_on(upload)
    court_locks.ring_for_what_waits()


def _work_on(upload: Upload) -> None:
    upload = _claim(upload.pk)
    if upload is None:
        return
    with translation.override(upload.language):
        if upload.state == State.REHEARSING:
            _rehearse(upload)
        else:
            with _as_file(upload) as path:
                _take(upload, path)


@transaction.atomic
def _claim(key: int) -> Upload | None:
    """Take an upload in hand, with its run: the one over which a worker died, or a new one."""
    upload = Upload.objects.due().select_for_update(of=("self",)).filter(pk=key).first()
    if upload is None:
        return None
    if upload.state == State.REHEARSING:
        if upload.tries >= MOST_TRIES:
            with translation.override(upload.language):
                sentence = _(
                    "Reading the file broke off %(tries)d times; nothing was stored. Send it in parts, and tell the operator "
                    "if that does not help."
                )
                _end_rehearsal(upload, sentence % {"tries": upload.tries})
            return None
        upload.tries += 1
    if upload.state == State.TAKING:
        if upload.run is None or upload.run.state != ImportRun.State.RUNNING:
            upload.run = begin(
                source=ImportRun.Source.UPLOAD,
                court=upload.court,
                by=upload.clerk,
                file_name=upload.file_name,
            )
        elif not resume(upload.run):
            Upload.objects.filter(pk=key).update(state=State.STOPPED)
            return None
    upload.heartbeat_at = timezone.now()
    upload.save(update_fields=["run", "heartbeat_at", "tries"])
    return upload


def _rehearse(upload: Upload) -> None:
    """Find out what taking the file would do. Whatever happens ends in words for the clerk, or the file would be read for ever."""
    try:
        with _as_file(upload) as path:
            rehearsal = simulate(
                partial(read_blocks, path, upload.file_name),
                court=upload.court,
                on_progress=partial(_give_sign, upload),
            )
        _note(upload, state=State.REHEARSED, rows_read=rehearsal.counts["read"], finding=_finding(rehearsal))
    except UnreadableFile as error:
        _end_rehearsal(upload, str(error))
    except Discarded:
        logger.info("upload %s was discarded while it was rehearsed", upload.pk)
    except Exception:
        logger.exception("the dry run of upload %s broke off", upload.pk)
        sentence = _(
            "Reading the file broke off because of a fault of this service; nothing was stored. Upload it again, and tell "
            "the operator if that does not help."
        )
        _end_rehearsal(upload, sentence)


@transaction.atomic
def _end_rehearsal(upload: Upload, failure: str) -> None:
    """Have the clerk told why a file cannot be taken, and keep it no longer."""
    _note(upload, state=State.UNREADABLE, failure=failure[:500])
    UploadPart.objects.filter(upload=upload).delete()


def _give_sign(upload: Upload, rehearsal: DryRunResult) -> None:
    if not _note(upload, rows_read=rehearsal.counts["read"], heartbeat_at=timezone.now()):
        raise Discarded


def _note(upload: Upload, **facts) -> int:
    return Upload.objects.filter(pk=upload.pk, state=State.REHEARSING).update(**facts)


def _finding(rehearsal: DryRunResult) -> dict:
    return {
        "counts": dict(rehearsal.counts),
        "people": rehearsal.people,
        "would_change": rehearsal.would_change,
        "entries": rehearsal.entries,
        "rejections": [(line, reason.sentence()) for line, reason, _row in rehearsal.rejections],
    }


def _take(upload: Upload, path: Path) -> None:
    run = upload.run
    ImportRun.objects.filter(pk=run.pk).update(digest=unchanged_files.digest_of(path))
    run.refresh_from_db()
    try:
        carry_out(run, partial(read_blocks, path, upload.file_name))
    except RunEnded:
        return  # its clerk stopped it, or it was silent too long and another worker has it in hand
    except Exception:
        Upload.objects.filter(pk=upload.pk, run=run).update(state=State.STOPPED)
        raise
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk, run=run).update(state=State.TAKEN)
        UploadPart.objects.filter(upload=upload).delete()


@contextmanager
def _as_file(upload: Upload) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile() as file:
        for piece in UploadPart.pieces_of(upload):
            file.write(piece)
        file.flush()
        yield Path(file.name)
