"""How long until people knew: from what was accepted to the mail server's 250, in figures that can be added up.

What counts, and from when, is written in docs/decisions/0020.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Case, Count, F, FloatField, Func, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpor_core.models.courts import Court

from .mail_kinds import mail_kinds
from .outgoing_mails import OutgoingMail

LIMITS = (
    *(0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60),
    *(120, 300, 600, 1800, 3600, 6 * 3600, 24 * 3600, 72 * 3600),
)
"""Seconds within which people are counted. The last group is of those who came to know later, or not at all."""

SETTLED = dt.timedelta(minutes=1)  # what was accepted since may still be told in time


class SecondsBetween(Func):
    """The seconds from one stored moment to another, computed by the database: Django's own difference calls Python for
    each row on SQLite."""

    output_field = FloatField()

    def as_sqlite(self, compiler, connection, **context):
        template = "((julianday(%(expressions)s)) * 86400.0)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **context)

    def as_postgresql(self, compiler, connection, **context):
        template = "EXTRACT(EPOCH FROM (%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)


class Times(NamedTuple):
    """How many people came to know within each of LIMITS but not within the one before, and how many later or never."""

    counts: tuple[int, ...]

    @classmethod
    def summed(cls, several: Iterable[Iterable[int]]) -> Self:
        """Return the sum of several, as stored; of none if there are none."""
        none = [0] * (len(LIMITS) + 1)
        return cls(tuple(map(sum, zip(none, *several, strict=True))))

    @property
    def all(self) -> int:
        return sum(self.counts)

    def within(self, seconds: float) -> int:
        """Return how many knew within so many seconds, one of LIMITS."""
        return sum(self.counts[: LIMITS.index(seconds) + 1])

    def share_within(self, seconds: float) -> float | None:
        """Return the percentage of those who knew within so many seconds; None if there was nobody to be told."""
        return 100 * self.within(seconds) / self.all if self.all else None

    def by_when(self, share: float) -> float | None:
        """Return the limit within which that share of all people knew; infinite if it never was so many. None of none."""
        if not self.all:
            return None
        least, known = math.ceil(share * self.all), 0
        for limit, count in zip(LIMITS, self.counts, strict=False):
            known += count
            if known >= least:
                return limit
        return math.inf


def measured(first: dt.datetime, end: dt.datetime, now: dt.datetime | None = None) -> dict[tuple, Times]:
    """Return the times of what was accepted from `first` until before `end`, by kind of mail and court (None: of no court).

    One query. What was dropped had nobody to tell any more; whatever else has not gone was not told.
    """
    end = min(end, (now or timezone.now()) - SETTLED)
    mails = OutgoingMail.objects.filter(accepted_at__gte=first, accepted_at__lt=end)
    mails = mails.exclude(state=OutgoingMail.State.DROPPED).order_by()
    groups: dict[tuple, Counter[int]] = {}
    for row in mails.values("kind", "court", group=_group()).annotate(count=Count("state")):
        groups.setdefault((row["kind"], row["court"]), Counter())[row["group"]] = row["count"]
    places = range(len(LIMITS) + 1)
    return {key: Times(tuple(counts[place] for place in places)) for key, counts in groups.items()}


def _group() -> Case:
    """Return the expression for the place in LIMITS of how long it took; the place after the last for whatever is untold."""
    untold = ~Q(state=OutgoingMail.State.SENT) | Q(taken_at=None)
    took = SecondsBetween(F("taken_at"), F("accepted_at"))
    whens = [
        When(models.lookups.LessThanOrEqual(took, limit), then=Value(n)) for n, limit in enumerate(LIMITS)
    ]
    last = Value(len(LIMITS))
    return Case(When(untold, then=last), *whens, default=last, output_field=models.SmallIntegerField())


class TimeToKnowQuerySet(models.QuerySet["TimeToKnow"]):
    def between(self, first: dt.date, last: dt.date) -> "TimeToKnowQuerySet":
        return self.filter(month__gte=first, month__lte=last)

    def times_by(self, *names: str) -> dict[Any, Times]:
        """Return the times of each group, by the value of its field or fields."""
        groups: dict[Any, list] = {}
        for row in self.values_list("counts", *names):
            groups.setdefault(row[1] if len(names) == 1 else row[1:], []).append(row[0])
        return {key: Times.summed(several) for key, several in groups.items()}


class TimeToKnow(models.Model):
    """How long it took until people knew of what was accepted in one month: by kind of mail and court.

    The figures of a month stay when its mails are gone. Until it is closed they are counted anew each night.
    """

    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    kind = models.CharField(_("kind"), max_length=20, choices=mail_kinds)
    court = models.ForeignKey(
        Court,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("court"),
        help_text=_("Empty for emails about accounts, and those with news of several courts."),
    )
    counts = models.JSONField(
        _("how many knew within each limit"), help_text=_("The last ones came to know later, or not at all.")
    )
    counted_at = models.DateTimeField(_("counted"), default=timezone.now)
    is_closed = models.BooleanField(pgettext_lazy("month", "closed"), default=False)

    objects = TimeToKnowQuerySet.as_manager()

    class Meta:
        verbose_name = _("time to know")
        verbose_name_plural = _("times to know")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["month", "kind", "court"], name="unique_time_to_know"),
            models.UniqueConstraint(
                fields=["month", "kind"], condition=Q(court=None), name="unique_time_to_know_of_no_court"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind} {self.court or ''}".strip()
