"""The day on which a case was closed, from which its query period is counted (rule 2)."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from cpor_cases.models import Case, ProgressEntry
from cpor_core.models import ProgressKind


def keep_closing_days(cases: Iterable[int] | RawSQL) -> None:
    """Recompute each case's closing day."""
    days, changed = closing_days(cases), []
    for case in Case.objects.filter(pk__in=cases).only("closed_on"):
        if case.closed_on != days.get(case.pk):
            case.closed_on = days.get(case.pk)
            changed.append(case)
    Case.objects.bulk_update(changed, ["closed_on"], batch_size=200)


def closing_days(cases: Iterable[int] | RawSQL) -> dict[int, dt.date | None]:
    """Return the closing day of each case that has one: that of its earliest published entry that ends the query, since
    the file last came back."""
    days: dict[int, dt.date | None] = {}
    turning = (
        ProgressEntry.objects.standing()
        .filter(Q(kind__ends_query=True) | Q(kind__resumes_query=True), case__in=cases)
        .order_by("recorded_at", "-kind__ends_query", "id")
        .values_list("case", "recorded_at", "kind__ends_query")
    )
    for case, recorded_at, ends in turning:
        if not ends:
            days[case] = None
        elif days.get(case) is None:
            days[case] = timezone.localdate(recorded_at)
    return days


def attach_ends(cases: Iterable[Case]) -> None:
    """Give each closed case the entry that ended its query, `ended_by`, with its kind; None if there is none."""
    cases = list(cases)
    ends: dict[tuple[int, dt.date], ProgressEntry] = {}
    entries = ProgressEntry.objects.standing().filter(kind__ends_query=True, case__in=cases)
    for entry in entries.select_related("kind").order_by("recorded_at", "id"):
        ends.setdefault((entry.case_id, timezone.localdate(entry.recorded_at)), entry)
    for case in cases:
        case.ended_by = ends.get((case.pk, case.closed_on)) if case.closed_on else None


def is_sent_on(case: Case) -> bool:
    """Whether the query of a case ends because its file was sent to the next court; attaches `ended_by`."""
    if case.closed_on is None:
        return False
    attach_ends([case])
    return case.ended_by is not None and case.ended_by.kind.stage == ProgressKind.Stage.REMEDY
