"""What the worker does: whether it is there, and what waits for it."""

import datetime as dt
from collections import Counter

from django.db.models import Count, Max, Min
from django.utils import timezone
from health_check.exceptions import ServiceWarning

from cpor_cases.actions import bounces
from cpor_cases.mail import queue, throttle
from cpor_cases.mail.smtp_replies import Meaning
from cpor_cases.models import ImportRun, OutgoingMail, SelfCheck
from cpor_core import clock, conf

from .check import QUARTER_OF_AN_HOUR, Check, Labelled

REFUSED_FOR_LONG = dt.timedelta(hours=1)  # servers that want to see a mail twice ask for less
MOST_DOMAINS = 10
CHECKED_DAILY = dt.timedelta(days=2)
WORKER_IS_GONE = dt.timedelta(minutes=3)


class Worker(Check):
    """Whether some worker has run the task of each minute."""

    needs_database = True

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

    needs_database = True

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

    needs_database = True

    def examine(self) -> None:
        if not conf.BOUNCES_URL:
            self.words = "no mailbox is set"
            return
        unread, reason = bounces.unread_of_the_day(), bounces.why_unreachable()
        self.figures, self.words = {"unread": unread}, f"{unread} unread"
        if reason:
            self.words = f"the mailbox cannot be read: {reason}"
        elif unread:
            self.words += " since yesterday: check the mailbox"
        if reason or unread:
            raise ServiceWarning(self.words)


class Record(Check):
    """Whether the record agrees with itself, as the last self-check found it."""

    needs_database = True

    def examine(self) -> None:
        last = SelfCheck.last()
        if last is None:
            self.words = "not checked yet"
            return
        age = timezone.now() - last.ended_at
        wrong = sum(last.counts.values())
        self.figures = {"wrong": wrong, "checked_seconds": int(age.total_seconds())}
        self.words = f"{wrong} wrong"
        if wrong:
            self.words += f" ({', '.join(sorted(last.counts))}): see docs/runbook.md, “RecordWrong”"
        elif age > CHECKED_DAILY:
            self.words += f", not checked for {age // dt.timedelta(hours=1)} h"
        if wrong or age > CHECKED_DAILY:
            raise ServiceWarning(self.words)


class Imports(Check):
    """Imports that no worker has begun."""

    needs_database = True

    def examine(self) -> None:
        runs = ImportRun.objects.filter(state=ImportRun.State.WAITING)
        found = runs.aggregate(count=Count("pk"), oldest=Min("started_at"))
        self.waiting("waiting", found["count"], found["oldest"], "is the worker running?")
