"""What is read when somebody asks: what waits, what is refused, how old each court's data is, and what is away."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Iterable

from django.db.models import Case, Count, Min, Q, QuerySet, Value, When
from django.utils import timezone
from huey.contrib.djhuey import HUEY
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import Metric

from cpor_cases.mail import queue, throttle
from cpor_cases.models import CourtDelay, ImportRun, OutgoingMail, SelfCheck
from cpor_cases.models.last_data import states_of_data
from cpor_cases.self_check.checks import BY_CODE
from cpor_core import clock
from cpor_core.circuit_breaker import QUEUE_FILE, CircuitBreaker
from cpor_core.models import Court
from cpor_core.redis_server import REDIS

from .counters import LARGE_DOMAINS, OTHER, large_or_other

logger = logging.getLogger(__name__)

State = OutgoingMail.State
LATE_AFTER = (10, 60, 600)  # seconds
BREAKERS: dict[str, CircuitBreaker] = {"redis": REDIS, "queue_file": QUEUE_FILE}


class Figures:
    """A collector of Prometheus: reads anew each time. What cannot be read is left out, and says so in `cpor_up`."""

    def collect(self) -> Iterable[Metric]:
        up = Gauge("cpor_up", "Whether the figures of a part can be read.", labels=["part"])
        for part, read in PARTS.items():
            try:
                found = list(read())
            except Exception:
                logger.exception("the figures of %s cannot be read", read.__name__)
                found, is_up = [], 0
            else:
                is_up = 1
            up.add_metric([part], is_up)
            yield from found
        yield up


def _mails() -> Iterable[Metric]:
    now = timezone.now()
    yield _waiting_mails()
    yield _late_mails(now)
    oldest = OutgoingMail.objects.waiting().filter(not_before__lte=now).aggregate(since=Min("not_before"))
    yield _seconds_since("cpor_mail_oldest_seconds", "For how long the oldest mail is due.", oldest["since"])
    refused = Gauge(
        "cpor_mails_refused", "Mails that were tried and still wait.", labels=["meaning", "domain"]
    )
    counts: Counter[tuple[str, str]] = Counter()
    for group in queue.refusals(now):
        counts[group.meaning.value, large_or_other(group.domain)] += group.count
    for labels, count in counts.items():
        refused.add_metric(labels, count)
    yield refused
    is_open = bool(throttle.why_circuit_is_open())
    yield Gauge("cpor_mail_circuit_open", "Whether the mail server is left alone.", value=int(is_open))


def _late_mails(now: dt.datetime) -> Metric:
    """Return how many mails have passed a limit and are still not sent, whatever they wait for."""
    limits = {
        f"over_{seconds}": Q(accepted_at__lt=now - dt.timedelta(seconds=seconds)) for seconds in LATE_AFTER
    }
    counts = {limit: Count("state", filter=is_late) for limit, is_late in limits.items()}
    untold = OutgoingMail.objects.untold(now - dt.timedelta(seconds=min(LATE_AFTER)))
    found = Gauge(
        "cpor_mails_late",
        "Mails not sent yet that tell of what was accepted more than so many seconds ago.",
        labels=["seconds"],
    )
    for limit, count in untold.aggregate(**counts).items():
        found.add_metric([limit.removeprefix("over_")], count)
    return found


def _waiting_mails() -> Metric:
    found = Gauge("cpor_mails", "Mails that are not sent yet, by state.", labels=["state", "domain"])
    for state in (State.HELD, State.WAITING, State.STOPPED):
        for row in by_domain(OutgoingMail.objects.filter(state=state)):
            found.add_metric([state.value, row["domain"]], row["count"])
    return found


def by_domain(mails: QuerySet) -> QuerySet:
    """Return how many mails go to each large domain, and to all others together."""
    whens = [When(address__endswith=f"@{domain}", then=Value(domain)) for domain in sorted(LARGE_DOMAINS)]
    domain = Case(*whens, default=Value(OTHER))
    return mails.order_by().values(domain=domain).annotate(count=Count("pk"))


def _worker() -> Iterable[Metric]:
    ticked = clock.last_tick()
    seconds = (timezone.now() - ticked).total_seconds() if ticked else float("inf")  # no worker has ever run
    yield Gauge(
        "cpor_worker_tick_seconds", "Since a worker last ran a task of the minute.", value=max(0, seconds)
    )


def _imports() -> Iterable[Metric]:
    waiting = ImportRun.objects.filter(state=ImportRun.State.WAITING)
    found = waiting.aggregate(count=Count("pk"), oldest=Min("started_at"))
    yield Gauge("cpor_imports_waiting", "Imports that no worker has begun.", value=found["count"])
    yield _seconds_since(
        "cpor_import_oldest_seconds", "For how long the oldest of them waits.", found["oldest"]
    )
    since_data = Gauge(
        "cpor_court_data_age_seconds", "Since a court's system last sent data.", labels=["court"]
    )
    states = states_of_data()
    for key, code in Court.objects.values_list("pk", "code"):
        if key in states and (at := states[key].last_data_at):
            since_data.add_metric([code], (timezone.now() - at).total_seconds())
    yield since_data


def _self_check() -> Iterable[Metric]:
    last = SelfCheck.last()
    faults = Gauge("cpor_self_check_faults", "Rows that the last self-check found wrong.", labels=["check"])
    for code, count in (dict.fromkeys(BY_CODE, 0) | (last.counts if last else {})).items():
        faults.add_metric([code], count)
    yield faults
    yield _seconds_since(
        "cpor_self_check_age_seconds", "Since the last self-check ended.", last and last.ended_at
    )


def _courts() -> Iterable[Metric]:
    """Which courts are late by their own rhythm, and how many imports of each still miss something."""
    late = Gauge(
        "cpor_court_late", "Whether a court's data has not come at its usual time.", labels=["court"]
    )
    to_repair = Gauge(
        "cpor_imports_to_repair", "Imports with rejected rows that nobody has seen to.", labels=["court"]
    )
    late_courts = set(CourtDelay.objects.going_on().values_list("court", flat=True))
    of_court = ImportRun.objects.of_files().to_repair().order_by().values("court")
    counts = dict(of_court.annotate(count=Count("pk")).values_list("court", "count"))
    for key, code in Court.objects.filter(Q(rhythm__isnull=False) | Q(pk__in=counts)).values_list(
        "pk", "code"
    ):
        late.add_metric([code], int(key in late_courts))
        to_repair.add_metric([code], counts.get(key, 0))
    yield late
    yield to_repair


def _tasks() -> Iterable[Metric]:
    yield Gauge("cpor_queue_tasks", "Tasks in the queue.", value=HUEY.pending_count())


def _breakers() -> Iterable[Metric]:
    found = Gauge("cpor_breaker_open", "Whether a server is taken for away in this process.", labels=["name"])
    for name, breaker in BREAKERS.items():
        found.add_metric([name], int(breaker.is_open))
    yield found


def _seconds_since(name: str, says: str, moment) -> Metric:
    """Return how long ago a moment was; 0 where there is none."""
    return Gauge(name, says, value=max(0, (timezone.now() - moment).total_seconds()) if moment else 0)


PARTS: dict[str, Callable[[], Iterable[Metric]]] = {
    "mails": _mails,
    "worker": _worker,
    "imports": _imports,
    "self_check": _self_check,
    "courts": _courts,
    "queue": _tasks,
    "breakers": _breakers,
}
