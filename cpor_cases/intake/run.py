"""One import from end to end: rows are read, checked, stored in batches, and people told when it is done.

Every door takes this way: the command, the desk (one typed entry is an import of one row), the API.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cpor_cases import outbox
from cpor_cases.models import Court, ImportRun, RejectedRow

from .checks import Checker, CleanRow, RowRejected
from .formats import Row, UnreadableFile
from .store import RunEnded, store

logger = logging.getLogger(__name__)

BATCH = 1000
SILENT_TOO_LONG = dt.timedelta(minutes=10)

Rejection = tuple[int, str, Row]
NumberedRows = Iterable[tuple[int, Row]]


def run_rows(
    rows: NumberedRows, *, source: ImportRun.Source, court: Court | None = None, by=None, file_name: str = ""
) -> ImportRun:
    """Import rows held in memory, for one `court` alone or for any; return the ended run."""
    kept = list(rows)
    return run_stream(lambda: kept, source=source, court=court, by=by, file_name=file_name)


def run_stream(
    read: Callable[[], NumberedRows],
    *,
    source: ImportRun.Source,
    court: Court | None = None,
    by=None,
    file_name: str = "",
) -> ImportRun:
    """Import what `read()` yields; it is called twice, first to learn which of several rows of one entry is the last.

    A row that cannot be taken is rejected alone and kept with its reason. Returns the ended run. An error in the
    middle breaks the run off: whole batches stay, their mails go out, and the same rows again complete it.
    """
    run = begin(source=source, court=court, by=by, file_name=file_name)
    return carry_out(run, read)


def begin(
    *, source: ImportRun.Source, court: Court | None = None, by=None, file_name: str = "", **facts
) -> ImportRun:
    """Put a run on record that `carry_out` will do, in this process or another."""
    run = ImportRun.objects.create(
        source=source, court=court, started_by=by, file_name=file_name[:200], **facts
    )
    log(instance=run, action="cpor_cases.import.run", user=by)
    return run


def start(run: ImportRun) -> bool:
    """Take a waiting run in hand; return whether it was this caller who did."""
    waiting = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.WAITING)
    return bool(waiting.update(state=ImportRun.State.RUNNING, last_sign_at=timezone.now()))


def carry_out(run: ImportRun, read: Callable[[], NumberedRows]) -> ImportRun:
    """Do a run that was begun, and return it ended. Raises what broke it off."""
    try:
        _take_all(run, read)
        _end(run, ImportRun.State.DONE)
    except UnreadableFile as error:
        break_off(run, failure=str(error))
        raise
    except Exception as error:
        logger.exception("import %s broke off", run.pk)
        break_off(run, failure=f"{type(error).__name__}: {error}")
        raise
    run.refresh_from_db()
    return run


def _take_all(run: ImportRun, read: Callable[[], NumberedRows]) -> None:
    checker = Checker(sender=run.court)
    last_lines = _last_lines(checker, read())
    rows = iter(read())
    while chunk := list(islice(rows, BATCH)):
        clean, rejections = _checked(checker, chunk, last_lines)
        with transaction.atomic():
            if clean:
                outcome = store(run, clean)
                sent = dict(chunk)
                rejections += [(row.line, reason, sent[row.line]) for row, reason in outcome.rejected]
            _reject(run, rejections)
            ImportRun.objects.filter(pk=run.pk).update(
                rows_read=F("rows_read") + len(chunk), last_sign_at=timezone.now()
            )


def _last_lines(checker: Checker, rows: NumberedRows) -> dict[tuple[int, str], int]:
    """Return the last line of each entry: where a file names one entry several times, the last one counts."""
    return {key: line for line, row in rows if (key := checker.entry_key(row))}


def _checked(
    checker: Checker, chunk: list[tuple[int, Row]], last_lines: dict[tuple[int, str], int]
) -> tuple[list[CleanRow], list[Rejection]]:
    clean, rejections = [], []
    for line, row in chunk:
        last = last_lines.get(checker.entry_key(row), line)
        try:
            if last != line:
                raise RowRejected(
                    _("Line %(last)d has the same entry number and counts instead.") % {"last": last}
                )
            clean.append(checker.check(line, row))
        except RowRejected as rejection:
            rejections.append((line, str(rejection), row))
    return clean, rejections


def _reject(run: ImportRun, rejections: list[Rejection]) -> None:
    RejectedRow.objects.bulk_create(
        [RejectedRow(run=run, line=line, reason=reason[:500], row=row) for line, reason, row in rejections],
        500,
    )
    ImportRun.objects.filter(pk=run.pk).update(rows_rejected=F("rows_rejected") + len(rejections))


@transaction.atomic
def _end(run: ImportRun, state: ImportRun.State, failure: str = "") -> None:
    """End a run that still runs and let its mails go; raise RunEnded if it does not run any more."""
    now = timezone.now()
    running = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING)
    if not running.update(state=state, ended_at=now, failure=failure[:300]):
        raise RunEnded
    outbox.release_progress_mails(run, run.end_of_hold(now) or now)


def break_off(run: ImportRun, *, failure: str) -> None:
    """End a run that will not go on. What it stored stays, and whoever it concerns is told."""
    try:
        _end(run, ImportRun.State.BROKEN_OFF, failure)
    except RunEnded:
        logger.warning("import %s had been ended already", run.pk)


def break_off_silent_runs(now: dt.datetime | None = None) -> int:
    """End the runs whose process died: no sign of life for ten minutes. Return how many there were."""
    silent_since = (now or timezone.now()) - SILENT_TOO_LONG
    silent = list(ImportRun.objects.filter(state=ImportRun.State.RUNNING, last_sign_at__lt=silent_since))
    for run in silent:
        break_off(run, failure="no sign of life")
    return len(silent)
