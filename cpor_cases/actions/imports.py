"""Imports of progress entries by whichever way they come: begun, carried out to the end, stopped; each is logged.

The command, a typed entry (an import of one row), a clerk's upload and the interface for court systems all begin here.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from wagtail.log_actions import log

from cpor_cases.intake import court_locks, unchanged_files
from cpor_cases.intake import run as runs
from cpor_cases.intake.reading.rows import NumberedRow, in_blocks
from cpor_cases.intake.reading.source_files import NOTHING, Announced, SourceFile
from cpor_cases.intake.run import OnProgress, no_op
from cpor_cases.models import ApiToken, ImportRun
from cpor_core.models import Court


def import_rows(
    rows: Iterable[NumberedRow],
    *,
    source: ImportRun.Source,
    court: Court | None = None,
    by=None,
    file_name: str = "",
) -> ImportRun:
    """Import rows held in memory, for one `court` alone or for any; return the ended run."""
    kept = list(rows)
    return import_stream(lambda: kept, source=source, court=court, by=by, file_name=file_name)


def import_file(
    path: Path,
    *,
    source: ImportRun.Source,
    court: Court | None = None,
    by=None,
    file_name: str = "",
    announced: Announced = NOTHING,
    on_progress: OnProgress = no_op,
    on_wait: Callable[[], None] = no_op,
) -> ImportRun:
    """Import a file. One that was imported before, with nothing changed since, is not even read.

    While another file of the court is being imported this one waits, a small one only for another small one, and `on_wait`
    is called now and then. Raises UnreadableFile, also if the file is still being written or is not as announced: then
    nothing of it is stored.
    """
    file = SourceFile(path)
    is_small = court is not None and file.is_small()
    with court_locks.wait_for(court.pk if court else None, on_wait, is_small=is_small):
        file.require(announced)
        digest = unchanged_files.digest_of(path)
        file.require_unchanged()
        run = _resumed_of_command(court, digest, is_small=is_small) or begin(
            source=source, court=court, by=by, file_name=file_name, digest=digest, is_small=is_small
        )
        return runs.carry_out(run, file.blocks, on_progress=on_progress)


def import_stream(
    read: Callable[[], Iterable[NumberedRow]],
    *,
    source: ImportRun.Source,
    court: Court | None = None,
    by=None,
    file_name: str = "",
) -> ImportRun:
    """Import what `read()` yields, line numbers ascending; it is called again for the words of rows that are rejected late.

    A row that cannot be taken is rejected alone and kept with its reason. Returns the ended run. An error in the
    middle aborts the run: whole batches stay, their mails go out, and the same rows again complete it.
    """
    with _court_locked(source, court):
        if source != ImportRun.Source.TYPED:
            _resumed_of_command(court, digest="")
        is_typed = source == ImportRun.Source.TYPED
        run = begin(source=source, court=court, by=by, file_name=file_name, is_small=is_typed)
        return runs.carry_out(run, lambda: in_blocks(read()))


@transaction.atomic
def begin(
    *,
    source: ImportRun.Source,
    court: Court | None = None,
    by=None,
    token: ApiToken | None = None,
    file_name: str = "",
    digest: str = "",
    is_small: bool = False,
    state: ImportRun.State = ImportRun.State.RUNNING,
) -> ImportRun:
    """Record a run that this process will carry out or, if it is `WAITING`, a worker. Callers have checked who may.

    With its key it gets its place among the submissions of the court, which no other can get until the transaction ends.
    """
    court_locks.accept_in_order(court.pk if court else None)
    run = ImportRun.objects.create(
        source=source,
        court=court,
        started_by=by,
        token=token,
        file_name=file_name[:200],
        digest=digest,
        is_small=is_small,
        state=state,
    )
    log(instance=run, action="cpor_cases.import.run", user=by)
    return run


def stop(run: ImportRun, *, by) -> None:
    """End an import at the wish of a clerk, after the batch in hand. What it stored stays and is announced."""
    if runs.stop(run):
        log(instance=run, action="cpor_cases.import.stop", user=by)


@contextmanager
def _court_locked(source: ImportRun.Source, court: Court | None) -> Iterator[None]:
    """Keep out what must not be stored at the same time.

    A typed entry waits for no file, only for the batch in hand: it is accepted, stored and ended in one transaction, so that
    nothing is ever left of it half-way.
    """
    if source != ImportRun.Source.TYPED:
        with court_locks.wait_for(court.pk if court else None, no_op):
            yield
        return
    with transaction.atomic():
        if court is not None:
            list(Court.objects.select_for_update(no_key=True).filter(pk=court.pk).values_list("pk"))
        yield


def _resumed_of_command(court: Court | None, digest: str, *, is_small: bool = False) -> ImportRun | None:
    """Resume the run of a command that died over this very file, so that people are told once; abort all others.

    The caller holds the court's lock for small or for large files: a command that still runs would hold it.
    """
    resumed = None
    running = ImportRun.objects.filter(state=ImportRun.State.RUNNING, source=ImportRun.Source.COMMAND)
    if court:
        running = running.concerning([court.pk])
    if is_small:
        running = running.filter(is_small=True)
    for run in running:
        is_same = digest and (run.digest, run.court_id) == (digest, court and court.pk)
        if is_same and resumed is None and runs.resume(run):
            resumed = ImportRun.objects.get(pk=run.pk)
        elif run.is_small == is_small or _is_dead(run):
            runs.abort(run, failure=runs.process_died())
    return resumed


def _is_dead(run: ImportRun) -> bool:
    with court_locks.lock_for_import(run.court_id, is_small=run.is_small) as is_free:
        return is_free
