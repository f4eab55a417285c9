"""Whether what an import rejected or left out has been taken since, by a later import of the same court."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef, Q, QuerySet

from cpor_cases.models import ImportRun, IncomingFile, RejectedRow, RejectionGroup
from cpor_cases.models.rejection_groups import ABORTED
from cpor_core import conf

NOTHING_TAKEN = Q(pk__in=[])


def note_repaired(run: ImportRun, now: dt.datetime) -> None:
    """Note of which earlier imports of the court nothing is missing any more, now that `run` is done.

    A rejected row is repaired once its entry was taken by that import or a later one; an aborted import also needs the
    same file or body taken to its end. Of what a clerk has said that it will not come in, nothing is missing.
    """
    if run.court_id is None:
        return  # rows of several courts, which no clerk sees
    since = now - relativedelta(months=conf.KEEP_REJECTED_ROW_MONTHS)  # older rows are deleted
    earlier = ImportRun.objects.to_repair().filter(court=run.court_id, started_at__gte=since)
    is_same_file = Q(digest=run.digest) if run.digest else NOTHING_TAKEN
    if run.file_name:
        is_same_file |= Q(file_name=run.file_name)
    # The same bytes, though courts, words or kinds may have changed since, on which the digest of the run depends.
    if (
        body := IncomingFile.objects.filter(run=run)
        .exclude(digest="")
        .values_list("digest", flat=True)
        .first()
    ):
        is_same_file |= Q(incoming_file__digest=body)
    whole(earlier, taken_to_end=is_same_file & Q(pk__lt=run.pk)).update(repaired_at=now)


def whole(runs: QuerySet[ImportRun], *, taken_to_end: Q = NOTHING_TAKEN) -> QuerySet[ImportRun]:
    """Return those of the runs of which nothing is missing: their rejected rows have been taken or answered for.

    An aborted one needs to have been `taken_to_end`, or an answer.
    """
    missing = RejectedRow.objects.missing().filter(run=OuterRef("pk"))
    answered = RejectionGroup.objects.answered().filter(run=OuterRef("pk"), code=ABORTED)
    is_left_off = Q(state=ImportRun.State.ABORTED) & ~taken_to_end & ~Exists(answered)
    return runs.filter(~Exists(missing)).exclude(is_left_off)
