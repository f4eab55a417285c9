"""Telling people that nothing has been recorded in a case for long, and that this is usual: at courts that wish it.

Each quiet time is told once. How long is usual, editors keep by category and stage.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from cpor_cases.hearings.of_cases import next_of_cases
from cpor_cases.mail import notifications
from cpor_cases.models import CaseAccess, Occasion, OutgoingMail, ProgressEntry
from cpor_core.models import Court, QuietPeriod

ACCESSES_AT_ONCE = 500
Periods = dict[tuple[str, str], dt.timedelta]


def tell(now: dt.datetime | None = None) -> int:
    """Tell the people whose case has been quiet for its period of it, unless they were told; return of how many cases."""
    now, periods = now or timezone.now(), _periods()
    courts = list(Court.objects.filter(tells_when_quiet=True).values_list("pk", flat=True))
    told = 0
    for accesses in _batches(courts, now) if courts and periods else ():
        due = [access for access in accesses if _is_due(access, periods, now)]
        coming = next_of_cases({access.case_id for access in due})
        quiet = [access for access in _untold(due) if access.case_id not in coming]
        notifications.quiet_cases((access, _since(access)) for access in quiet)
        told += len(quiet)
    return told


def _periods() -> Periods:
    rows = QuietPeriod.objects.all()
    return {(row.category, row.stage): dt.timedelta(weeks=row.weeks) for row in rows}


def _batches(courts: list[int], now: dt.datetime) -> Iterator[list[Any]]:
    """Yield the accesses to cases of these courts that are neither ended nor closed, in the order of their keys: each
    batch begins where the one before ended, and of each case its own entries alone are read."""
    of_case = ProgressEntry.objects.announced().filter(case=OuterRef("case"))
    latest = of_case.filter(withdrawn_at=None).newest_first()
    changed_at = Greatest(
        "first_seen_at",
        Coalesce("corrected_at", "first_seen_at"),
        Coalesce("withdrawn_at", "first_seen_at"),
    )
    changes = of_case.order_by().values("case").annotate(last=Max(changed_at))
    accesses = (
        CaseAccess.objects.in_force(now)
        .with_mail_choices()
        .filter(case__court__in=courts, case__closed_on=None, is_reminded=True, account__is_active=True)
        .annotate(
            stage=Subquery(latest.values("kind__stage")[:1]),
            recorded_at=Subquery(latest.values("recorded_at")[:1]),
            changed_at=Subquery(changes.values("last")),
        )
        .select_related("account", "case")
        .order_by("pk")
    )
    after = 0
    while batch := list(accesses.filter(pk__gt=after)[:ACCESSES_AT_ONCE]):
        yield batch
        after = batch[-1].pk


def _is_due(access: Any, periods: Periods, now: dt.datetime) -> bool:
    category = access.case.category
    period = periods.get((category, access.stage or "")) or periods.get((category, ""))
    return period is not None and _last_change(access) <= now - period


def _last_change(access: Any) -> dt.datetime:
    """Return when the person last could read something new of the case."""
    return max(filter(None, [access.granted_at, access.recorded_at, access.changed_at]))


def _since(access: Any) -> dt.date:
    return timezone.localdate(_last_change(access))


def _untold(accesses: list[Any]) -> list[Any]:
    keys = {access.pk for access in accesses}
    occasions = Occasion.objects.filter(access__in=keys, kind=OutgoingMail.Kind.QUIET_CASE)
    told = set(occasions.values_list("access", "day"))
    return [access for access in accesses if (access.pk, _since(access)) not in told]
