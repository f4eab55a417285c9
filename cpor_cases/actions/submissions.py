"""What a court's system sends through the interface: its key is reserved, its body kept with a run that waits for the worker."""

import datetime as dt
import hashlib
from functools import partial
from io import BufferedIOBase

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from cpor_cases.intake.incoming_files import enqueue_once_committed
from cpor_cases.models import ApiToken, ImportRun, IncomingFile, IncomingFilePart
from cpor_cases.models.incoming_files import is_small

from . import imports

PIECE = 1 << 20  # bytes
RECEIVED_WITHIN = dt.timedelta(minutes=10)
State = IncomingFile.State


class StillBeingReceived(Exception):
    """Another call with the same key has not been answered yet."""


class OtherBody(Exception):
    """The same key came with another body before."""


def reserve(token: ApiToken, key: str, now: dt.datetime | None = None) -> IncomingFile:
    """Return the file of an Idempotency-Key: the earlier one, or a new one that holds the key until it is answered.

    Raises StillBeingReceived while another call holds it.
    """
    now = now or timezone.now()
    facts = {
        "token": token,
        "court": token.court,
        "idempotency_key": key,
        "received_at": now,
        "language": translation.get_language(),
        "state": State.RECEIVING,
    }
    try:
        with transaction.atomic():
            return IncomingFile.objects.create(**facts)
    except IntegrityError:
        earlier = IncomingFile.objects.select_related("run").filter(token=token, idempotency_key=key).first()
    # None: the other call held the key a moment ago, and has given it back since
    if earlier is None or (earlier.run is None and not _taken_over(earlier, now)):
        raise StillBeingReceived
    return earlier


def _taken_over(file: IncomingFile, now: dt.datetime) -> bool:
    """Whether the call that held the key has died, and this one holds it now."""
    dead = IncomingFile.objects.filter(pk=file.pk, run=None, received_at__lt=now - RECEIVED_WITHIN)
    return bool(dead.update(received_at=now))


def release(file: IncomingFile) -> None:
    """Give a key back whose body was not accepted: the sender may correct it and use the key again."""
    IncomingFile.objects.filter(pk=file.pk, run=None).delete()


def accept(file: IncomingFile, body: BufferedIOBase, *, rows: int | None = None) -> ImportRun:
    """Keep the body, of so many `rows` if they were counted, with a run that waits for the worker, and return the run.

    The body of an earlier call is compared with what it was: raises OtherBody.
    """
    digest = _digest_of(body)
    if file.run:
        if file.digest != digest:
            raise OtherBody
        return file.run
    file.digest, file.is_small = digest, is_small(rows)
    return _keep(file, body)


@transaction.atomic
def _keep(file: IncomingFile, body: BufferedIOBase) -> ImportRun:
    body.seek(0)
    IncomingFilePart.keep(file, iter(partial(body.read, PIECE), b""))
    # Its number last: other submissions of the court wait for theirs until this transaction is committed.
    run = imports.begin(
        source=ImportRun.Source.API,
        court=file.court,
        token=file.token,
        is_small=file.is_small,
        state=ImportRun.State.WAITING,
    )
    file.run, file.state = run, State.IMPORTING
    file.save(update_fields=["run", "digest", "is_small", "state"])
    enqueue_once_committed(file)
    return run


def _digest_of(body: BufferedIOBase) -> str:
    body.seek(0)
    return hashlib.file_digest(body, "sha256").hexdigest()
