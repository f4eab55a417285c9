"""What a clerk does with a court's export: upload it for a dry run, have it imported, stop the import, discard the file.

The worker does the reading (intake.incoming_files). The file lies in the database: all machines share it, nobody can browse it.
"""

from collections.abc import Iterable

from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.intake.incoming_files import enqueue_once_committed
from cpor_cases.models import ImportRun, IncomingFile, IncomingFilePart
from cpor_cases.models.incoming_files import is_small
from cpor_cases.permissions import require_right
from cpor_core import languages
from cpor_core.models import Court

from . import imports

MOST_BYTES = 100 * 1024 * 1024
MOST_SMALL_BYTES = 100 * 1024  # as many as 500 rows have, in any format
State = IncomingFile.State


@transaction.atomic
def receive(name: str, pieces: Iterable[bytes], *, court: Court, by) -> IncomingFile:
    """Keep an uploaded file and have the worker make a dry run of it."""
    require_right(by, "add_importrun", court)
    file = IncomingFile.objects.create(
        court=court,
        clerk=by,
        file_name=name[:200],
        language=languages.reader(),
        state=State.DRY_RUN,
    )
    # How many rows it has, its dry run will tell; until then its bytes must do.
    file.is_small = IncomingFilePart.keep(file, pieces) <= MOST_SMALL_BYTES
    file.save(update_fields=["is_small"])
    log(instance=file, action="cpor_cases.upload.dry_run", user=by)
    enqueue_once_committed(file)
    return file


@transaction.atomic
def start_import(file: IncomingFile, *, by) -> bool:
    """Have the worker import a file after its dry run, or the rest of one that was stopped. False if somebody else has."""
    file = _locked(file)
    require_right(by, "add_importrun", file.court)
    if not file.may_be_imported:
        return False
    file.is_small = is_small(file.rows_read)
    file.run = imports.begin(
        source=ImportRun.Source.UPLOAD,
        court=file.court,
        by=by,
        file_name=file.file_name,
        is_small=file.is_small,
        state=ImportRun.State.WAITING,
    )
    file.state, file.clerk = State.IMPORTING, by
    file.save(update_fields=["run", "state", "clerk", "is_small"])
    log(instance=file, action="cpor_cases.upload.take", user=by)
    enqueue_once_committed(file)
    return True


@transaction.atomic
def stop_import(file: IncomingFile, *, by) -> None:
    """Stop an import after the batch in hand. What was stored stays, and people are told of it."""
    require_right(by, "add_importrun", file.court)
    file = _locked(file)
    if file.state == State.IMPORTING and file.run:
        imports.stop(file.run, by=by)
        IncomingFile.objects.filter(pk=file.pk).update(state=State.STOPPED)


@transaction.atomic
def discard(file: IncomingFile, *, by) -> None:
    """Delete a file that is not to be imported."""
    require_right(by, "add_importrun", file.court)
    gone, _models = IncomingFile.objects.filter(pk=file.pk).exclude(state=State.IMPORTING).delete()
    if gone:
        log(instance=file, action="cpor_cases.upload.discard", user=by, deleted=True)


def _locked(file: IncomingFile) -> IncomingFile:
    files = IncomingFile.objects.select_for_update(of=("self",)).select_related("court", "run")
    return files.get(pk=file.pk)
