"""Whether what an import rejected or left out has been taken since, by a later import of the same court."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT

from cpor_cases.models import ImportRun, ProgressEntry, RejectedRow

LOOKED_BACK = dt.timedelta(days=31)  # more than the weeks for which the first page of the office lists it


def note_repaired(run: ImportRun, now: dt.datetime) -> None:
    """Note of which earlier imports of the court nothing is missing any more, now that `run` is done.

    A rejected row is repaired once its entry was taken by that import or a later one; an aborted import also needs the
    same file taken to its end.
    """
    if run.court_id is None:
        return  # rows of several courts, which no clerk sees
    earlier = ImportRun.objects.to_repair().filter(court=run.court_id, started_at__gte=now - LOOKED_BACK)
    taken = ProgressEntry.objects.filter(
        court=run.court_id, entry_id=OuterRef("sent_as"), changed_in__gte=OuterRef("run")
    )
    missing = RejectedRow.objects.annotate(sent_as=KT("row__entry_id")).filter(
        ~Exists(taken), run=OuterRef("pk")
    )
    is_same_file = Q(digest=run.digest) if run.digest else Q(pk__in=[])
    if run.file_name:
        is_same_file |= Q(file_name=run.file_name)
    was_left_off = Q(state=ImportRun.State.ABORTED) & ~(is_same_file & Q(pk__lt=run.pk))
    earlier.filter(~Exists(missing)).exclude(was_left_off).update(repaired_at=now)
