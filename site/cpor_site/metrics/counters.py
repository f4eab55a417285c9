"""What the processes of this machine count: requests, tasks, mails that have ended, events of the security log.

With PROMETHEUS_MULTIPROC_DIR, which the settings set, the processes count into files there, so that any of them can tell the
sum. Imported only where /metrics is open.
"""

import os
import re
import time
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram

from cpor_cases.mail import queue
from cpor_core import access_log, security_log
from cpor_site import task_queue

A_DAY = 24 * 3600
# Each with hundreds of thousands of mailboxes; any other may be of one person, or one office.
LARGE_DOMAINS = frozenset(
    {
        "gmail.com", "yahoo.com.tw", "yahoo.com", "hotmail.com", "outlook.com", "live.com", "msn.com", "icloud.com",
        "hinet.net", "pchome.com.tw",
    }
)  # fmt: skip
OTHER = "other"

COUNTED = CollectorRegistry()
REQUESTS = Counter("cpor_requests", "Requests by view and status.", ["route", "status"], registry=COUNTED)
REQUEST_SECONDS = Histogram(
    "cpor_request_seconds",
    "How long the answers took, by view.",
    ["route"],
    buckets=(0.025, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=COUNTED,
)
TASKS = Counter("cpor_tasks", "Tasks of the worker by outcome.", ["task", "outcome"], registry=COUNTED)
TASK_SECONDS = Histogram(
    "cpor_task_seconds", "How long tasks took.", buckets=(0.1, 1, 10, 60, 600, 3600), registry=COUNTED
)
MAILS = Counter(
    "cpor_mails_ended", "Mails that were sent, failed or dropped.", ["state", "domain"], registry=COUNTED
)
MAIL_SECONDS = Histogram(
    "cpor_mail_seconds",
    "From the moment a mail was to be sent until the server took it.",
    buckets=(0.1, 0.5, 2, 10, 60, 600, 3600),
    registry=COUNTED,
)
TIME_TO_KNOW = Histogram(
    "cpor_time_to_know_seconds",
    "From the moment the service had what a mail tells of until the mail server took it, by kind of mail.",
    ["kind"],
    buckets=(0.1, 0.5, 1, 2, 5, 10, 60, 600, 3600),
    registry=COUNTED,
)
SECURITY_EVENTS = Counter(
    "cpor_security_events", "Events of the security log.", ["event", "outcome"], registry=COUNTED
)


def large_or_other(domain: str) -> str:
    return domain if domain in LARGE_DOMAINS else OTHER


def connect() -> None:
    """Count from now on; called once a process, when the apps are ready."""
    _forget_the_dead()
    access_log.answered.connect(_count_request, dispatch_uid="metrics")
    task_queue.task_done.connect(_count_task, dispatch_uid="metrics")
    queue.ended.connect(_count_mail, dispatch_uid="metrics")
    security_log.recorded.connect(_count_event, dispatch_uid="metrics")


def _count_request(sender, *, route: str, status: int, seconds: float, **_facts) -> None:
    REQUESTS.labels(route, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)


def _count_task(sender, *, name: str, outcome: str, seconds: float, **_facts) -> None:
    TASKS.labels(name, outcome).inc()
    TASK_SECONDS.observe(seconds)


def _count_mail(
    sender, *, kind: str, domain: str, state: str, seconds: float, to_know: float, **_facts
) -> None:
    MAILS.labels(state, large_or_other(domain)).inc()
    if state == "sent":
        MAIL_SECONDS.observe(max(seconds, 0))
        TIME_TO_KNOW.labels(kind).observe(max(to_know, 0))


def _count_event(sender, *, event, outcome, **_facts) -> None:
    SECURITY_EVENTS.labels(event.value, outcome.value).inc()


def _forget_the_dead() -> None:
    """Delete the files of processes that ended more than a day ago: each start makes new ones."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    for path in Path(folder).glob("*.db") if folder else ():
        found = re.search(r"_(\d+)\.db$", path.name)
        is_over = found and not Path(f"/proc/{found[1]}").exists()
        if is_over and time.time() - path.stat().st_mtime > A_DAY:
            path.unlink(missing_ok=True)
