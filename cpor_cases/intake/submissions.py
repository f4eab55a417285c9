"""What a court's system sent: kept whole with its run in one transaction, then taken in by the worker.

A row is the truth, the queue only rings: what waits is found again by the clock.
"""

import datetime as dt
import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from huey.contrib.djhuey import db_task

from cpor_cases.models import ApiToken, ImportRun, Submission, SubmissionPart
from cpor_core.task_queue import enqueue, enqueue_on_commit

from . import court_locks, unchanged_files
from . import run as runs
from .reading.formats import UnreadableFile, read_blocks
from .store import RunEnded

logger = logging.getLogger(__name__)

PIECE = 1 << 20
RECEIVED_WITHIN = dt.timedelta(minutes=10)


class StillBeingReceived(Exception):
    """Another call with the same key has not been answered yet."""


class OtherBody(Exception):
    """The same key came with another body before."""


def digest_of(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def reserve(token: ApiToken, key: str, now: dt.datetime | None = None) -> Submission:
    """Return the submission of a key: the earlier one, or a new one that holds the key until it is answered.

    Raises StillBeingReceived while another call holds it.
    """
    now = now or timezone.now()
    language = translation.get_language()
    if not key:
        return Submission.objects.create(token=token, received_at=now, language=language)
    try:
        with transaction.atomic():
            return Submission.objects.create(
                token=token, idempotency_key=key, received_at=now, language=language
            )
    except IntegrityError:
        earlier = Submission.objects.select_related("run").get(token=token, idempotency_key=key)
    if earlier.run is None and not _taken_over(earlier, now):
        raise StillBeingReceived
    return earlier


def _taken_over(submission: Submission, now: dt.datetime) -> bool:
    """Whether the call that held the key has died, and this one holds it now."""
    dead = Submission.objects.filter(pk=submission.pk, run=None, received_at__lt=now - RECEIVED_WITHIN)
    return bool(dead.update(received_at=now))


def release(submission: Submission) -> None:
    """Give a key back whose body was not taken: the sender may mend it and use the key again."""
    Submission.objects.filter(pk=submission.pk, run=None).delete()


def accept(submission: Submission, file: BinaryIO, *, file_name: str = "") -> ImportRun:
    """Keep the body with a run that waits, and ring for the worker; return the run.

    The body of an earlier submission is compared with what it was: raises OtherBody.
    """
    digest = digest_of(file)
    if submission.run:
        if submission.digest != digest:
            raise OtherBody
        return submission.run
    file.seek(0)
    with transaction.atomic():
        submission.run = runs.begin(
            source=ImportRun.Source.API,
            court=submission.token.court,
            file_name=file_name,
            token=submission.token,
            state=ImportRun.State.WAITING,
        )
        submission.digest = digest
        submission.save(update_fields=["run", "digest"])
        SubmissionPart.keep(submission, iter(partial(file.read, PIECE), b""))
        enqueue_on_commit(take_in, submission.pk)
    return submission.run


@db_task()
def take_in(pk: int) -> None:
    """Take in the oldest of what this submission's court sent, or the rest of one whose worker died.

    It may come twice, or too early, or when all is gone: then it does nothing, and whoever is done rings again.
    """
    with court_locks.worker_slot() as is_free:
        rung_for = is_free and Submission.objects.not_taken_in().filter(pk=pk).first()
        if not rung_for:
            return
        with court_locks.court_lock(rung_for.run.court_id) as is_ours:
            submission = is_ours and _oldest_of(rung_for.run.court_id)
            if not submission or not (runs.start(submission.run) or runs.resume(submission.run)):
                return
            _carry_out(submission)
    court_locks.ring_for_what_waits()


def _oldest_of(court_id: int) -> Submission | None:
    """Return what is to be taken in first: a later file of the court must not be overtaken by an earlier one."""
    return Submission.objects.not_taken_in().filter(run__court=court_id).order_by("pk").first()


def _carry_out(submission: Submission) -> None:
    run = submission.run
    with translation.override(submission.language), _as_file(submission) as path:
        ImportRun.objects.filter(pk=run.pk).update(digest=unchanged_files.digest_of(path))
        run.refresh_from_db()
        try:
            runs.carry_out(run, partial(read_blocks, path))
        except (UnreadableFile, RunEnded):
            logger.info("import %s has not been taken whole", run.pk)
    submission.parts.all().delete()


def ring_for_waiting() -> None:
    """Ring again for what waits, once for each court: the first ring may have been lost, or the worker that heard it died."""
    for pk in Submission.objects.not_taken_in().first_of_each_court():
        enqueue(take_in, pk)


court_locks.free_again.append(ring_for_waiting)


@contextmanager
def _as_file(submission: Submission) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="submission-") as file:
        for piece in SubmissionPart.pieces_of(submission):
            file.write(piece)
        file.flush()
        yield Path(file.name)
