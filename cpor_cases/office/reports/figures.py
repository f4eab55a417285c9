"""What the work of a court comes to in figures, by month or by court.

Everything is counted by the database, in as many questions for a million rows as for one. Applications are counted from
the record of deeds: refused ones are deleted after some months (retention), and a figure once reported must not shrink.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case as Choose
from django.db.models import (
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.fields.json import KT
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_cases.models import Application, CaseAccess, CourtLogEntry, ImportRun, OutgoingMail, RefusalReason
from cpor_core.punctuation import labelled, listed
from cpor_core.roc_dates import earliest_start_still_running

RECORDED = "wagtail.create"
APPROVED = "cpor_cases.application.approve"
REFUSED = "cpor_cases.application.refuse"
ONE_MONTH = relativedelta(months=1)


class By(StrEnum):
    """What a row of a report stands for."""

    MONTH = "month"
    COURT = "court"


@dataclass(frozen=True)
class Scope:
    """Which courts, from which month up to which (their first days), and what a row stands for."""

    courts: QuerySet
    first: dt.date
    last: dt.date
    by: By = By.MONTH

    @property
    def months(self) -> list[dt.date]:
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return [self.first + relativedelta(months=number) for number in range(count)]

    @property
    def start(self) -> dt.datetime:
        return _midnight(self.first)

    @property
    def end(self) -> dt.datetime:
        return _midnight(self.last + ONE_MONTH)

    def within(self, rows: QuerySet, moment: str, court: str = "court") -> QuerySet:
        """Return those of `rows` that are the courts' and of the time, with the `key` of the report's row."""
        key = self._month_of(moment) if self.by == By.MONTH else F(f"{court}_id")
        span = {f"{moment}__gte": self.start, f"{moment}__lt": self.end}
        return rows.filter(**{f"{court}__in": self.courts.as_keys()}, **span).annotate(key=key).order_by()

    def _month_of(self, moment: str) -> Choose:
        """The month a moment lies in, by comparison alone: SQLite has no time zones, and Django's own function would call
        Python for every row."""
        latest_first = reversed(self.months)
        begins = (When(**{f"{moment}__gte": _midnight(month)}, then=Value(month)) for month in latest_first)
        return Choose(*begins, output_field=DateField())


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _counted(scope: Scope, rows: QuerySet, **aggregates) -> dict:
    """Return the aggregates of `rows`, which came `within` the scope, for each row of the report."""
    found = rows.values("key").annotate(**aggregates)
    return {row.pop("key"): row for row in found}


def _deeds() -> QuerySet:
    return CourtLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Application))


def applications(scope: Scope) -> dict:
    """How many came in, were approved, were refused."""
    return _counted(
        scope,
        scope.within(_deeds(), "timestamp"),
        received=Count("pk", filter=Q(action=RECORDED)),
        approved=Count("pk", filter=Q(action=APPROVED)),
        refused=Count("pk", filter=Q(action=REFUSED)),
    )


def hours_to_decision(scope: Scope) -> dict:
    """The median of the hours from the recording of an application to its decision.

    By the rows' place in the order, which SQLite and PostgreSQL both can; SQLite has no median of its own. The database
    hands over the one or two rows in the middle of each group, never the groups.
    """
    recorded = _deeds().filter(action=RECORDED, object_id=OuterRef("object_id")).order_by("timestamp")
    took = F("timestamp") - Subquery(recorded.values("timestamp")[:1])
    decided = scope.within(_deeds().filter(action__in=[APPROVED, REFUSED]), "timestamp")
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
    """How many people were let see a case, and how many of them have activated their account by now."""
    approved = scope.within(Application.objects.approved(), "decided_at", "case__court")
    awake = Q(account__activation__activated_at__isnull=False)
    return _counted(
        scope,
        approved,
        people=Count("account", distinct=True),
        activated=Count("account", distinct=True, filter=awake),
    )


def mails(scope: Scope) -> dict:
    """How many mails about the courts' cases left, and how many could not be delivered."""
    state = OutgoingMail.State
    # By their state, not their key: so that an index which has no key is enough.
    return _counted(
        scope,
        scope.within(OutgoingMail.objects.filter(state__in=[state.SENT, state.FAILED]), "ended_at"),
        sent=Count("state", filter=Q(state=state.SENT)),
        failed=Count("state", filter=Q(state=state.FAILED)),
    )


def imports(scope: Scope) -> dict:
    """How many files and calls came from the courts' systems, with the figures of their rows."""
    return _counted(
        scope,
        scope.within(ImportRun.objects.of_files(), "started_at"),
        runs=Count("pk"),
        aborted=Count("pk", filter=Q(state=ImportRun.State.ABORTED)),
        rows_read=Sum("rows_read"),
        rows_rejected=Sum("rows_rejected"),
    )


def accesses(scope: Scope) -> dict:
    """How many rights to see a case were alive at the end of the time, and how many reached their last day in it."""
    rows = CaseAccess.objects.filter(case__court__in=scope.courts)
    if scope.by == By.COURT:
        counts = {"active": _active_at_end_of(scope.last), "ending": _ending(scope.first, scope.last)}
        aggregates = {name: Count("pk", filter=condition) for name, condition in counts.items()}
        found = rows.order_by().values("case__court").annotate(**aggregates)
        return {row.pop("case__court"): row for row in found}
    aggregates = {}
    for month in scope.months:
        aggregates[f"active_{month:%Y%m}"] = Count("pk", filter=_active_at_end_of(month))
        aggregates[f"ending_{month:%Y%m}"] = Count("pk", filter=_ending(month, month))
    found = rows.aggregate(**aggregates)
    names = ("active", "ending")
    return {month: {name: found[f"{name}_{month:%Y%m}"] for name in names} for month in scope.months}


def _earliest_close(day: dt.date) -> dt.date:
    return earliest_start_still_running(day, settings.QUERY_PERIOD_MONTHS)


def _living_at(moment: dt.datetime) -> Q:
    return Q(granted_at__lt=moment) & (Q(ended_at=None) | Q(ended_at__gte=moment))


def _end_of(month: dt.date) -> dt.datetime:
    """The end of a month; of the present one, this moment."""
    return min(_midnight(month + ONE_MONTH), timezone.now())


def _active_at_end_of(month: dt.date) -> Q:
    end = _end_of(month)
    last_day = timezone.localdate(end - dt.timedelta(microseconds=1))
    may_be_followed = Q(case__closed_on=None) | Q(case__closed_on__gte=_earliest_close(last_day))
    return _living_at(end) & may_be_followed


def _ending(first: dt.date, last: dt.date) -> Q:
    """The last day of query lies in these months, and nothing else ended the access before."""
    return _living_at(_end_of(last)) & Q(
        case__closed_on__gte=_earliest_close(first), case__closed_on__lt=_earliest_close(last + ONE_MONTH)
    )


def refusals(scope: Scope) -> list[tuple[str, int]]:
    """How often each of the fixed reasons was given, the most frequent first."""
    refused = scope.within(_deeds().filter(action=REFUSED), "timestamp")
    given = refused.values(code=KT("data__reason")).annotate(count=Count("pk"))
    counts = {row["code"]: row["count"] for row in given}
    reasons = [
        (str(reason), counts.get(reason.code, 0))
        for reason in RefusalReason.objects.all()
        if reason.code in counts or not reason.is_retired
    ]
    return sorted(reasons, key=lambda reason: -reason[1])


@dataclass(frozen=True)
class Figure:
    """One column of a report: what it is called, what it says, and how it is got from what was counted."""

    key: str
    heading: str
    of: Callable[[dict], int | float | None] | None = None

    def value(self, counts: dict) -> int | float | None:
        return self.of(counts) if self.of else counts.get(self.key, 0)

    def in_words(self, counts: dict) -> str:
        """The value as it is read on the screen; empty if there was nothing to count."""
        value = self.value(counts)
        if value is None:
            return ""
        return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def share(part: str, whole: str) -> Callable[[dict], float | None]:
    """How many per cent `part` is of `whole`; None of nothing."""
    return lambda counts: (100 * counts[part] / counts[whole]) if counts.get(whole) else None


RECEIVED_FIGURE = Figure("received", _("Applications received"))
APPROVED_FIGURE = Figure("approved", pgettext_lazy("application", "Approved"))
REFUSED_FIGURE = Figure("refused", _("Refused"))
MEDIAN_FIGURE = Figure(
    "median_hours", _("Hours to decision (median)"), of=lambda counts: counts.get("median_hours")
)
PEOPLE_FIGURE = Figure("people", _("People admitted"))
ACTIVATED_FIGURE = Figure("activated", _("Account activated (%)"), of=share("activated", "people"))
SENT_FIGURE = Figure("sent", _("Mails sent"))
FAILED_FIGURE = Figure("failed", _("Mails not delivered"))
RUNS_FIGURE = Figure("runs", _("Imports"))
ABORTED_FIGURE = Figure("aborted", _("Aborted"))
ROWS_READ_FIGURE = Figure("rows_read", _("Rows read"))
ROWS_REJECTED_FIGURE = Figure("rows_rejected", _("Rows rejected"))
ACTIVE_FIGURE = Figure("active", _("Active accesses"))
ENDING_FIGURE = Figure("ending", _("Last day of query"))


@dataclass(frozen=True)
class Report:
    """A table of figures, and which of them are drawn."""

    name: str
    title: str
    explanation: str
    figures: list[Figure]
    questions: list[Callable[[Scope], dict]]
    drawn: list[Figure]
    is_standing: bool = False  # a figure of how things stand: months are not added up

    def counts(self, scope: Scope, keys: list) -> list[dict]:
        """Return what was counted for each of the keys: months, or courts."""
        merged = {key: {} for key in keys}
        for question in self.questions:
            for key, counts in question(scope).items():
                merged[key] |= counts
        return list(merged.values())

    def in_words(self, rows: list) -> str:
        """What the drawing shows, for those who do not see it; empty to have the months added up."""
        if not self.is_standing or not rows:
            return ""
        latest = rows[-1]
        figures = listed(f"{each.heading} {each.in_words(latest.counts)}" for each in self.drawn)
        return labelled(latest.label, figures)


MONTHLY = [
    Report(
        "applications",
        _("Applications"),
        _(
            "Each application counts in the month in which it was recorded or decided. The hours run from its recording "
            "to its decision; half of the decisions took less, half took more. An account counts as activated if it is so today."
        ),
        [
            RECEIVED_FIGURE,
            APPROVED_FIGURE,
            REFUSED_FIGURE,
            MEDIAN_FIGURE,
            PEOPLE_FIGURE,
            ACTIVATED_FIGURE,
        ],
        [applications, hours_to_decision, activations],
        [RECEIVED_FIGURE, APPROVED_FIGURE, REFUSED_FIGURE],
    ),
    Report(
        "mails",
        _("Mails"),
        _(
            "Mails about the court's cases, by the month in which they left or were given up. Mails about accounts are not counted."
        ),
        [
            SENT_FIGURE,
            FAILED_FIGURE,
            Figure(
                "failed_share",
                _("Not delivered (%)"),
                of=lambda counts: share("failed", "all")(
                    counts | {"all": counts.get("sent", 0) + counts.get("failed", 0)}
                ),
            ),
        ],
        [mails],
        [SENT_FIGURE, FAILED_FIGURE],
    ),
    Report(
        "imports",
        _("Imports"),
        _(
            "Files and calls of the court's own system, by the month in which they began. Entries typed in the office are not "
            "counted, nor are files with the rows of several courts."
        ),
        [
            RUNS_FIGURE,
            ABORTED_FIGURE,
            ROWS_READ_FIGURE,
            ROWS_REJECTED_FIGURE,
            Figure("rejected_share", _("Rows rejected (%)"), of=share("rows_rejected", "rows_read")),
        ],
        [imports],
        [ROWS_REJECTED_FIGURE],
    ),
    Report(
        "accesses",
        _("Accesses to cases"),
        _(
            "How many people may see how many cases: each person counts once for each case. Active are those alive at the end "
            "of the month, of the present month those alive now; the last column counts those whose last day of query lies in the month."
        ),
        [ACTIVE_FIGURE, ENDING_FIGURE],
        [accesses],
        [ACTIVE_FIGURE, ENDING_FIGURE],
        is_standing=True,
    ),
]

SIDE_BY_SIDE = Report(
    "courts",
    _("Courts side by side"),
    _("All courts in one month. A click on a heading sorts the table."),
    [
        RECEIVED_FIGURE,
        APPROVED_FIGURE,
        REFUSED_FIGURE,
        MEDIAN_FIGURE,
        ACTIVATED_FIGURE,
        SENT_FIGURE,
        FAILED_FIGURE,
        RUNS_FIGURE,
        ROWS_REJECTED_FIGURE,
        ACTIVE_FIGURE,
        ENDING_FIGURE,
    ],
    [applications, hours_to_decision, activations, mails, imports, accesses],
    [RECEIVED_FIGURE],
)
