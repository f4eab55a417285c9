"""The queries behind the reports. The database counts; the number of queries does not grow with the rows."""

import datetime as dt
from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Window,
)
from django.db.models.fields.json import KT
from django.db.models.functions import RowNumber
from django.utils import timezone

from cpor_cases.models import (
    Application,
    CaseAccess,
    CourtLogEntry,
    ImportRun,
    OutgoingMail,
    RefusalReason,
    RejectionGroup,
    TimeToKnow,
)
from cpor_cases.models.times_to_know import Times
from cpor_core import conf
from cpor_core.roc_dates import earliest_start_still_running

from .scope import ONE_MONTH, By, Scope, _midnight

RECORDED = "wagtail.create"


APPROVED = "cpor_cases.application.approve"


REFUSED = "cpor_cases.application.refuse"


def _counted(scope: Scope, rows: QuerySet, **aggregates) -> dict:
    """Return the aggregates of `rows`, which came `within` the scope, for each row of the report."""
    found = rows.values("key").annotate(**aggregates)
    return {row.pop("key"): row for row in found}


def _logged_actions() -> QuerySet:
    return CourtLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Application))


def applications(scope: Scope) -> dict:
    """Count the applications recorded, approved and refused."""
    return _counted(
        scope,
        scope.within(_logged_actions(), "timestamp"),
        received=Count("pk", filter=Q(action=RECORDED)),
        approved=Count("pk", filter=Q(action=APPROVED)),
        refused=Count("pk", filter=Q(action=REFUSED)),
    )


def hours_to_decision(scope: Scope) -> dict:
    """The median of the hours from the recording of an application to its decision.

    By the rows' place in the order, which SQLite and PostgreSQL both can; SQLite has no median of its own. Only the
    one or two rows in the middle of each group are fetched.
    """
    recorded = (
        _logged_actions().filter(action=RECORDED, object_id=OuterRef("object_id")).order_by("timestamp")
    )
    took = F("timestamp") - Subquery(recorded.values("timestamp")[:1])
    decided = scope.within(_logged_actions().filter(action__in=[APPROVED, REFUSED]), "timestamp")
    ranked = (
        decided.filter(Exists(recorded))
        .annotate(took=ExpressionWrapper(took, DurationField()))
        .annotate(
            place=Window(RowNumber(), partition_by="key", order_by=["took", "pk"]),
            group_size=Window(Count("pk"), partition_by="key"),
        )
    )
    middle = ranked.filter(place__gte=F("group_size") / 2.0, place__lte=F("group_size") / 2.0 + 1)
    hours = defaultdict(list)
    for key, duration in middle.values_list("key", "took"):
        hours[key].append(duration.total_seconds() / 3600)
    return {key: {"median_hours": sum(some) / len(some)} for key, some in hours.items()}


def activations(scope: Scope) -> dict:
    """Count the people admitted to a case, and those of them whose account is activated by now."""
    approved = scope.within(Application.objects.approved(), "decided_at")
    is_activated = Q(account__activation__activated_at__isnull=False)
    return _counted(
        scope,
        approved,
        people=Count("account", distinct=True),
        activated=Count("account", distinct=True, filter=is_activated),
    )


def mails(scope: Scope) -> dict:
    """Count the mails sent about the courts' cases, and those that failed."""
    state = OutgoingMail.State
    # Counts the state, not the key, so that an index without the key is enough.
    return _counted(
        scope,
        scope.within(OutgoingMail.objects.filter(state__in=[state.SENT, state.FAILED]), "ended_at"),
        sent=Count("state", filter=Q(state=state.SENT)),
        failed=Count("state", filter=Q(state=state.FAILED)),
    )


def times_to_know(scope: Scope) -> dict:
    """How many people were told of what was accepted in each period, and within which time."""
    rows = TimeToKnow.objects.between(scope.first, scope.last).filter(court__in=scope.courts.as_keys())
    times = rows.times_by("month" if scope.by == By.MONTH else "court")
    return {key: _times(each) for key, each in times.items()}


def _times(times: Times) -> dict:
    within = {f"within_{seconds}": times.within(seconds) for seconds in (1, 10, 60)}
    return {
        "to_tell": times.all,
        "half_by": times.by_when(0.5),
        "nearly_all_by": times.by_when(0.99),
    } | within


def imports(scope: Scope) -> dict:
    """Count the imports of the courts' systems and their rows."""
    return _counted(
        scope,
        scope.within(ImportRun.objects.of_files(), "started_at"),
        runs=Count("pk"),
        aborted=Count("pk", filter=Q(state=ImportRun.State.ABORTED)),
        rows_read=Sum("rows_read"),
        rows_rejected=Sum("rows_rejected"),
    )


def accesses(scope: Scope) -> dict:
    """Count the accesses active at the end of each period, and those whose last day of query lies in it."""
    rows = CaseAccess.objects.filter(case__court__in=scope.courts)
    if scope.by == By.COURT:
        counts = {"active": _active_at_end_of(scope.last), "ending": _ending(scope.first, scope.last)}
        aggregates = {name: Count("pk", filter=condition) for name, condition in counts.items()}
        return _counted(scope, rows.order_by().annotate(key=F("case__court")), **aggregates)
    aggregates = {}
    for month in scope.months:
        aggregates[f"active_{month:%Y%m}"] = Count("pk", filter=_active_at_end_of(month))
        aggregates[f"ending_{month:%Y%m}"] = Count("pk", filter=_ending(month, month))
    found = rows.aggregate(**aggregates)
    names = ("active", "ending")
    return {month: {name: found[f"{name}_{month:%Y%m}"] for name in names} for month in scope.months}


def _earliest_close(day: dt.date) -> dt.date:
    return earliest_start_still_running(day, conf.QUERY_PERIOD_MONTHS)


def _living_at(moment: dt.datetime) -> Q:
    return Q(granted_at__lt=moment) & (Q(ended_at=None) | Q(ended_at__gte=moment))


def _end_of(month: dt.date) -> dt.datetime:
    """Return the end of a month, or now for the present one."""
    return min(_midnight(month + ONE_MONTH), timezone.now())


def _active_at_end_of(month: dt.date) -> Q:
    end = _end_of(month)
    last_day = timezone.localdate(end - dt.timedelta(microseconds=1))
    may_be_followed = Q(case__closed_on=None) | Q(case__closed_on__gte=_earliest_close(last_day))
    return _living_at(end) & may_be_followed


def _ending(first: dt.date, last: dt.date) -> Q:
    """The condition that the last day of query lies in these months and the access had not ended before."""
    return _living_at(_end_of(last)) & Q(
        case__closed_on__gte=_earliest_close(first), case__closed_on__lt=_earliest_close(last + ONE_MONTH)
    )


def refusals(scope: Scope) -> list[tuple[str, int]]:
    """Count how often each reason for refusal was given, the most frequent first."""
    refused = scope.within(_logged_actions().filter(action=REFUSED), "timestamp")
    given = refused.values(code=KT("data__reason")).annotate(count=Count("pk"))
    counts = {row["code"]: row["count"] for row in given}
    reasons = [
        (str(reason), counts.get(reason.code, 0))
        for reason in RefusalReason.objects.all()
        if reason.code in counts or not reason.is_retired
    ]
    return sorted(reasons, key=lambda reason: -reason[1])


def rejections(scope: Scope) -> list[tuple[str, int]]:
    """Count the rejected rows of the courts' imports by their reason, the most frequent first. The figures outlive the rows."""
    runs = scope.within(ImportRun.objects.of_files(), "started_at").order_by()
    groups = RejectionGroup.objects.filter(run__in=runs.values("pk"), rows__gt=0).order_by()
    counts = groups.values_list("code").annotate(count=Sum("rows"))
    found = ((RejectionGroup(code=code).in_words, count) for code, count in counts)
    return sorted(found, key=lambda reason: (-reason[1], reason[0]))
