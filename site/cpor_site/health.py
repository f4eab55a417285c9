"""/healthz says that the process answers; /readyz that it can do its work, and what waits for the worker.

Without the database no request can be served: 503, so that a load balancer sends none. Without queue and cache every page
and form works, and a long queue delays nobody's page: both are only reported (WARNING).
"""

import dataclasses
import datetime as dt
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import ClassVar, TypeVar

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views import View
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable, ServiceWarning
from health_check.views import HealthCheckView
from huey.contrib.djhuey import HUEY

from cpor_cases.actions import bounces
from cpor_cases.mail import queue, throttle
from cpor_cases.mail.smtp_replies import Meaning
from cpor_cases.models import ImportRun, OutgoingMail
from cpor_core import clock
from cpor_core.circuit_breaker import Away

QUARTER_OF_AN_HOUR = dt.timedelta(minutes=15)
REFUSED_FOR_LONG = dt.timedelta(hours=1)  # servers that want to see a mail twice ask for less
MOST_DOMAINS = 10
WORKER_IS_GONE = dt.timedelta(minutes=3)
Found = TypeVar("Found")


class AliveView(View):
    """Answers whatever else may be broken, so that a supervisor does not restart a healthy process."""

    def get(self, request) -> HttpResponse:
        return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


class Labelled(dict):
    """Figures of one kind, told apart by a label."""

    def __init__(self, label: str, figures: dict[str, int]):
        super().__init__(figures)
        self.label = label


@dataclasses.dataclass
class Check(HealthCheck):
    """Examines one thing on the request's own connection, and holds the result as words and as figures."""

    asks_database: ClassVar[bool] = False

    def __post_init__(self):
        self.words, self.figures = "", {}

    async def run(self) -> None:
        await sync_to_async(self.examine)()

    def examine(self) -> None:
        raise NotImplementedError

    def need(self, ask: Callable[[], Found]) -> Found:
        """Return what `ask()` returns; raise ServiceUnavailable if it fails, because no request can be served without it."""
        try:
            return ask()
        except Exception as error:
            raise ServiceUnavailable("") from error

    def waiting(self, name: str, count: int, oldest: dt.datetime | None, hint: str) -> None:
        """Report how many wait and for how long; raise ServiceWarning if that is too long."""
        self.figures, self.words = {name: count}, f"{count} {name}"
        if oldest is None:
            return
        age = timezone.now() - oldest
        self.figures["oldest_seconds"] = int(age.total_seconds())
        self.words += f", the oldest for {age // dt.timedelta(minutes=1)} min"
        if age > QUARTER_OF_AN_HOUR:
            self.words += f": {hint}"
            raise ServiceWarning(self.words)


class Database(Check):
    """Asked on a connection of its own, and for no longer than a load balancer waits: a page may wait longer."""

    WITHIN_SECONDS = 1.5
    _asker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readyz")

    @cached_property
    def answers(self) -> bool:
        asked = self._asker.submit(_ask_database)
        try:
            asked.result(self.WITHIN_SECONDS)
        except Exception:
            return False
        finally:
            asked.cancel()  # if an earlier one is still running
        return True

    def examine(self) -> None:
        if not self.answers:
            raise ServiceUnavailable("")


def _ask_database() -> None:
    try:
        with connection.cursor() as cursor:
            # SELECT 1 would not read SQLite's file.
            cursor.execute("PRAGMA schema_version" if connection.vendor == "sqlite" else "SELECT 1")
    finally:
        connection.close()


class Disk(Check):
    """The free space of the fullest of the folders in which the service writes."""

    FULL_MB = 20  # with less a database file, an upload or a mail soon fails to be written

    def examine(self) -> None:
        free, where = min((shutil.disk_usage(folder).free >> 20, name) for name, folder in written_folders())
        self.figures, self.words = {"free_mb": free}, f"{free} MB free in {where}"
        if free < self.FULL_MB:
            raise ServiceUnavailable("")
        if free < settings.DISK_FREE_MB:
            raise ServiceWarning("")


def written_folders() -> list[tuple[str, str]]:
    """Return name and path of each folder of this machine in which the service writes, as far as it is there."""
    folders = [("var", str(settings.VAR_DIR)), ("media", settings.MEDIA_ROOT), ("tmp", tempfile.gettempdir())]
    if connection.vendor == "sqlite":
        folders.append(("database", os.path.dirname(str(connection.settings_dict["NAME"]))))
    return [(name, folder) for name, folder in folders if os.path.isdir(folder)]


class Queue(Check):
    """The server of queue and cache: Redis, or a file on the one machine."""

    def examine(self) -> None:
        try:
            with HUEY.breaker:
                count = HUEY.pending_count()
        except Away:
            self.words = f"{HUEY.breaker.name} is away: pages work; mails, imports and the clock wait for it"
            raise ServiceWarning(self.words) from None
        self.figures, self.words = {"waiting": count}, f"{count} waiting"


class Worker(Check):
    """Whether some worker has run the task of each minute."""

    asks_database = True

    def examine(self) -> None:
        ticked = self.need(clock.last_tick)
        if ticked is None:
            self.words = "no tick: is the worker running?"
            raise ServiceWarning(self.words)
        age = timezone.now() - ticked
        self.figures = {"last_tick_seconds": int(age.total_seconds())}
        if age > WORKER_IS_GONE:
            self.words = f"no tick for {age // dt.timedelta(minutes=1)} min: is the worker running?"
            raise ServiceWarning(self.words)


class Mail(Check):
    """Mails that are due: no worker, a silent server, more than it takes, or refusals."""

    asks_database = True

    def examine(self) -> None:
        now = timezone.now()
        waits = OutgoingMail.objects.waiting().filter(not_before__lte=now)
        due = OutgoingMail.objects.due(now).aggregate(count=Count("pk"), oldest=Min("next_attempt_at"))
        all_of_them = waits.aggregate(count=Count("pk"), oldest=Min("not_before"), attempts=Max("attempts"))
        refused = queue.refusals(now)
        self._count(now, due, all_of_them, refused)
        if reasons := self._reasons(now, due["oldest"], refused):
            self.words = f"{self.words}: {'; '.join(reasons)}"
            raise ServiceWarning(self.words)

    def _count(self, now: dt.datetime, due: dict, waits: dict, refused: list[queue.Refusals]) -> None:
        self.figures = {"due": due["count"], "waiting": waits["count"]}
        self.words = f"{due['count']} due, {waits['count']} waiting"
        if waits["count"]:
            age = now - waits["oldest"]
            self.figures["oldest_seconds"] = int(age.total_seconds())
            self.words += f", the oldest for {age // dt.timedelta(minutes=1)} min"
        by_domain: Counter[str] = Counter()
        for group in refused:
            by_domain[group.domain] += group.count
        self.figures |= {"refused": by_domain.total(), "most_attempts": waits["attempts"] or 0}
        self.figures["refused_by"] = Labelled("domain", dict(by_domain.most_common(MOST_DOMAINS)))
        if refused:
            self.words += f", refused by {'; '.join(map(str, refused[:MOST_DOMAINS]))}"

    @staticmethod
    def _reasons(now: dt.datetime, due_since: dt.datetime | None, refused: list[queue.Refusals]) -> list[str]:
        """Return the reasons for an operator to act. A person's full mailbox is none."""
        reasons = []
        if silent := throttle.why_circuit_is_open():
            reasons.append(f"the mail server does not answer: {silent}")
        elif due_since and now - due_since > QUARTER_OF_AN_HOUR:
            reasons.append("is the worker running, the server slow?")
        if any(group.meaning is Meaning.RELAY for group in refused):
            reasons.append("the mail server does not send on for this site: see docs/operators.md, “Mail”")
        late = [group for group in refused if group.meaning is not Meaning.FULL]
        if any(now - group.oldest > REFUSED_FOR_LONG for group in late):
            reasons.append("some are refused for hours")
        return reasons


class Returned(Check):
    """Bounces in the mailbox of BOUNCES_URL that wait for a person to read them."""

    asks_database = True

    def examine(self) -> None:
        if not settings.BOUNCES_URL:
            self.words = "no mailbox is set"
            return
        unread, reason = bounces.unread_of_the_day(), bounces.why_unreachable()
        self.figures, self.words = {"unread": unread}, f"{unread} unread"
        if reason:
            self.words = f"the mailbox cannot be read: {reason}"
        elif unread:
            self.words += " since yesterday: look into the mailbox"
        if reason or unread:
            raise ServiceWarning(self.words)


class Imports(Check):
    """Imports that no worker has begun."""

    asks_database = True

    def examine(self) -> None:
        runs = ImportRun.objects.filter(state=ImportRun.State.WAITING)
        found = runs.aggregate(count=Count("pk"), oldest=Min("started_at"))
        self.waiting("waiting", found["count"], found["oldest"], "is the worker running?")


class ReadyView(HealthCheckView):
    """Plain text for people, JSON (`?format=json`) and OpenMetrics (`?format=openmetrics`) for monitors."""

    checks = (Disk, Queue, Worker, Mail, Returned, Imports)

    def get_checks(self):
        """Leave out the checks that ask the database while it does not answer."""
        database = Database()
        yield database
        for check in super().get_checks():
            if database.answers or not check.asks_database:
                yield check

    def render_to_response(self, context, **kwargs):
        return self.render_to_response_text(kwargs.get("status", 200))

    def render_to_response_text(self, status):
        lines = (
            f"{_name(result)}: {', '.join(filter(None, [_state(result), result.check.words]))}\n"
            for result in self.results
        )
        return HttpResponse("".join(lines), content_type="text/plain; charset=utf-8", status=self._status())

    def render_to_response_json(self, status):
        told = {
            _name(result): {"state": _state(result).lower()} | result.check.figures for result in self.results
        }
        return JsonResponse(told, status=self._status())

    def render_to_response_openmetrics(self):
        """Add our figures to the library's."""
        response = super().render_to_response_openmetrics()
        gauges = [
            _gauge(f"cpor_{_name(result).lower()}_{name}", figure)
            for result in self.results
            for name, figure in result.check.figures.items()
        ]
        response.content = response.content.replace(b"# EOF", "".join([*gauges, "# EOF"]).encode())
        return response

    def _status(self) -> int:
        return 503 if any(_state(result) == "UNAVAILABLE" for result in self.results) else 200


class HealthMiddleware:
    """Answers both paths before sessions, log-ins and languages, most of which need the database."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.views = {"/healthz": AliveView.as_view(), "/readyz": async_to_sync(ReadyView.as_view())}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = self.views.get(request.path_info)
        if view is None:
            return self.get_response(request)
        request.get_host()  # raises where the name is not one of ours, as at every other address
        return view(request)


def _gauge(name: str, figure) -> str:
    if not isinstance(figure, Labelled):
        return f"# TYPE {name} gauge\n{name} {figure}\n"
    lines = [f'{name}{{{figure.label}="{_escaped(label)}"}} {each}\n' for label, each in figure.items()]
    return "".join([f"# TYPE {name} gauge\n", *lines])


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _name(result) -> str:
    return type(result.check).__name__


def _state(result) -> str:
    if result.error is None:
        return "OK"
    return "WARNING" if isinstance(result.error, ServiceWarning) else "UNAVAILABLE"
