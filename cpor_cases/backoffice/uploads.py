"""A court's export, uploaded at the desk: rehearsed first, then taken.

Between the two the file waits in the cache, which all processes share, under a key that only its clerk is given.
"""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from cpor_cases.intake.formats import UnreadableFile, read_rows
from cpor_cases.intake.run import run_stream
from cpor_cases.models import Court, ImportRun, OutgoingMail, ProgressEntry

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = (
    5000  # both runs fit into one request; what is larger comes by the interface or the operator's command
)
KEPT_FOR = 60 * 60
ENTRIES_SHOWN = 20
REJECTIONS_SHOWN = 50


@dataclass(frozen=True)
class Upload:
    """A file that waits for its clerk's word."""

    name: str
    content: bytes
    court_id: int
    clerk_id: int


@dataclass(frozen=True)
class Rehearsal:
    """What taking the file would do."""

    run: ImportRun
    entries: list[ProgressEntry]
    rejected: list
    people: int

    @property
    def would_change(self) -> int:
        return self.run.rows_created + self.run.rows_changed + self.run.rows_withdrawn


def keep(name: str, content: bytes, *, court: Court, clerk) -> str:
    """Keep an uploaded file for an hour and return its key."""
    key = uuid.uuid4().hex
    cache.set(_cache_key(key), Upload(name, content, court.pk, clerk.pk), KEPT_FOR)
    return key


def find(key: str, clerk) -> Upload | None:
    """Return the file behind a key, if it is this clerk's and still there."""
    upload = cache.get(_cache_key(key))
    return upload if upload and upload.clerk_id == clerk.pk else None


def forget(key: str) -> None:
    cache.delete(_cache_key(key))


def rehearse(upload: Upload, *, by) -> Rehearsal:
    """Take the file in a transaction that is undone, and return what came of it. Raises UnreadableFile."""
    with transaction.atomic():
        run = take(upload, by=by)
        changed = ProgressEntry.objects.filter(changed_in=run).select_related("case__court", "kind")
        rehearsal = Rehearsal(
            run=run,
            entries=list(changed.order_by("case", "-recorded_at")[:ENTRIES_SHOWN]),
            rejected=list(run.rejected_rows.all()[:REJECTIONS_SHOWN]),
            people=OutgoingMail.objects.filter(run=run).count(),
        )
        transaction.set_rollback(True)
    return rehearsal


def take(upload: Upload, *, by) -> ImportRun:
    """Import the file for its court alone. Raises UnreadableFile."""
    court = Court.objects.get(pk=upload.court_id)
    with _as_file(upload) as path:
        read = partial(_few_rows, path)
        source = ImportRun.Source.UPLOAD
        return run_stream(read, source=source, court=court, by=by, file_name=upload.name)


def _few_rows(path: Path) -> Iterator:
    for count, row in enumerate(read_rows(path), start=1):
        if count > MOST_ROWS:
            raise UnreadableFile(
                _("The file has more than %(count)d rows. Cut it up, or send it through the interface.")
                % {"count": MOST_ROWS}
            )
        yield row


@contextmanager
def _as_file(upload: Upload) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile() as file:
        file.write(upload.content)
        file.flush()
        yield Path(file.name)


def _cache_key(key: str) -> str:
    return f"cpor_cases.upload.{key}"
