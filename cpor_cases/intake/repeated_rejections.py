"""Rows that are sent again as they were rejected: not new work each day, but the same, with its age and its answer."""

import datetime as dt
import json

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet

from cpor_cases.models import ImportRun, RejectedRow, RejectionGroup
from cpor_core import conf

Row = dict[str, str]


def note_repeated(run: ImportRun, now: dt.datetime) -> None:
    """Let a run that has ended stand for the earlier imports of its court of which all that is missing was rejected again,
    and take over what was said of rows that are as they were then.

    To be called after its rejected rows were counted by reason.
    """
    if run.court_id is None:
        return  # rows of several courts, which no clerk sees
    _take_over_answers(run, now)
    since = now - relativedelta(months=conf.KEEP_REJECTED_ROW_MONTHS)  # older rows are deleted
    earlier = ImportRun.objects.to_repair().filter(court=run.court_id, started_at__gte=since, pk__lt=run.pk)
    earlier = earlier.exclude(state=ImportRun.State.ABORTED)  # of which it is not known what is missing
    rejected = {_identity(row) for row in _rows(run.rejected_rows.all())}
    continued = [each for each in earlier if _are_all_in(rejected, each)]
    if continued:
        ImportRun.objects.filter(pk__in=[each.pk for each in continued]).update(continued_in=run)
        first = min(each.open_since or each.started_at for each in continued)
        ImportRun.objects.filter(pk=run.pk).update(open_since=first)


def _are_all_in(rejected: set[int], earlier: ImportRun) -> bool:
    missing = RejectedRow.objects.missing().filter(run=earlier)
    return all(_identity(row) in rejected for row in _rows(missing))


def _rows(rejected: QuerySet[RejectedRow]):
    return rejected.order_by().values_list("row", flat=True).iterator()


def _identity(row: Row) -> int:
    """Return what tells which entry a rejected row is about; of a row that names none, what tells how it was sent."""
    return hash(row.get("entry_id") or _as_sent(row))


def _as_sent(row: Row) -> str:
    return json.dumps(row, sort_keys=True)


def _take_over_answers(run: ImportRun, now: dt.datetime) -> None:
    codes = list(run.rejection_groups.unanswered().values_list("code", flat=True))
    for code in codes:
        if answered := _answered_before(run, code):
            facts = {
                name: getattr(answered, name) for name in ("answer", "note", "answered_by", "answered_at")
            }
            run.rejection_groups.filter(code=code).update(**facts)
    if codes and not run.rejection_groups.unanswered().exists():
        ImportRun.objects.filter(pk=run.pk).update(settled_at=now)


def _answered_before(run: ImportRun, code: str) -> RejectionGroup | None:
    """Return the latest rejected rows of this code that have an answer, if all that are rejected now were among them."""
    answered = RejectionGroup.objects.answered().filter(run__court=run.court_id, run__lt=run.pk, code=code)
    latest = answered.order_by("-run").select_related("run", "answered_by").first()
    if latest is None:
        return None
    known = {hash(_as_sent(row)) for row in _rows(latest.run.rejected_rows.filter(code=code))}
    rows = _rows(run.rejected_rows.filter(code=code))
    return latest if all(hash(_as_sent(row)) in known for row in rows) else None
