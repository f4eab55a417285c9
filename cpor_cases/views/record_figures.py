"""How the service has kept its promises, in figures for everybody: by month, court and quarter; small numbers are hidden."""

import datetime as dt
import math
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpor_cases.models import CourtDelay, ServiceSpan, TimeToKnow
from cpor_cases.models.clarity_counters import FEWEST_VOTES
from cpor_cases.models.service_spans import Spans
from cpor_cases.models.times_to_know import Times
from cpor_cases.rhythm.shares import Share, shares_on_time
from cpor_core.models import Court

from .clarity import Quarter, latest_quarters

MONTHS = 12
FEWEST_MAILS = FEWEST_VOTES  # below, a share might say something of somebody
ONE_MONTH = relativedelta(months=1)
NONE = Times.summed([])


class Promise(NamedTuple):
    """How the time to know was kept: for one month, or at one court."""

    times: Times

    @property
    def is_shown(self) -> bool:
        return self.times.all >= FEWEST_MAILS

    @property
    def share(self) -> float | None:
        """The percentage told within 10 seconds, cut and not rounded: 99.96 are not all."""
        share = self.times.share_within(10)
        return math.floor(share * 10) / 10 if share is not None and self.is_shown else None

    def seconds(self, share: float) -> float | None:
        return self.times.by_when(share) if self.is_shown else None

    @property
    def share_in_words(self) -> str:
        if self.share is None:
            return _("too few emails")
        return f"{self.share:.1f}%"

    @property
    def half_in_words(self) -> str:
        return duration(self.seconds(0.5))

    @property
    def nearly_all_in_words(self) -> str:
        return duration(self.seconds(0.99))


class OnTime(NamedTuple):
    """How many sendings of courts' data were expected, and how many came in time: `cpor_cases.rhythm`."""

    expected: int = 0
    came: int = 0

    @property
    def share(self) -> float | None:
        """The percentage that came in time; None if too few were expected."""
        return math.floor(1000 * self.came / self.expected) / 10 if self.expected >= FEWEST_MAILS else None

    @property
    def in_words(self) -> str:
        return "–" if self.share is None else f"{self.share:.1f}%"


class MonthOfRecord(NamedTuple):
    """A month: its first day, whether it is over, how people were told, how much of the courts' data came in time, and for how
    many minutes the service was closed."""

    day: dt.date
    is_over: bool
    promise: Promise
    on_time: OnTime
    closed_minutes: int | None

    @property
    def closed_in_words(self) -> str:
        if self.closed_minutes is None:
            return "–"
        minutes = ngettext("%(count)s minute", "%(count)s minutes", self.closed_minutes)
        return minutes % {"count": f"{self.closed_minutes:,}"}


class CourtOfRecord(NamedTuple):
    """How the people of one court were told in the last month that is over, how much of its data came in time, and by when
    what is late now should have come."""

    court: Court
    promise: Promise
    on_time: OnTime
    late_since: dt.datetime | None = None


def duration(seconds: float | None) -> str:
    """Return a limit in words; nothing if there is none to be shown."""
    if seconds is None:
        return "–"
    if seconds == math.inf:
        return _("not all were told")
    if seconds <= 60:
        return ngettext("%(count)s second", "%(count)s seconds", 1 if seconds == 1 else 2) % {
            "count": f"{seconds:g}"
        }
    if seconds < 3600:
        return ngettext("%(count)s minute", "%(count)s minutes", 2) % {"count": f"{seconds / 60:g}"}
    return ngettext("%(count)s hour", "%(count)s hours", int(seconds / 3600)) % {
        "count": f"{seconds / 3600:g}"
    }


def months_of_record(now: dt.datetime) -> list[MonthOfRecord]:
    """Return the present month and the twelve before it that have figures, the newest first. Three queries."""
    present = timezone.localdate(now).replace(day=1)
    days = [present - number * ONE_MONTH for number in range(MONTHS + 1)]
    times = TimeToKnow.objects.between(days[-1], present).times_by("month")
    open_times = ServiceSpan.objects.spans()
    sent = _summed((share.month, share) for share in shares_on_time(days[-1], present))
    found = [_month(day, times.get(day, NONE), sent.get(day, OnTime()), open_times, now) for day in days]
    return [month for month in found if month.promise.times.all or month.closed_minutes is not None]


def _month(day: dt.date, times: Times, on_time: OnTime, spans: Spans, now: dt.datetime) -> MonthOfRecord:
    first, end = _midnight(day), _midnight(day + ONE_MONTH)
    seconds = spans.closed_seconds(first, min(end, now))
    minutes = None if seconds is None else math.ceil(seconds / 60)
    return MonthOfRecord(day, end <= now, Promise(times), on_time, minutes)


def _summed(shares: Iterable[tuple[Hashable, Share]]) -> dict[Any, OnTime]:
    """Return the sums of shares by their keys."""
    sums: dict[Any, OnTime] = {}
    for key, share in shares:
        known = sums.get(key, OnTime())
        sums[key] = OnTime(known.expected + share.expected, known.came + share.on_time)
    return sums


def courts_of_record(day: dt.date | None) -> list[CourtOfRecord]:
    """Return the courts whose people were told of something in a month, or whose data was expected, and those whose data is
    late now."""
    late = dict(CourtDelay.objects.going_on().values_list("court", "usual_at"))
    times = TimeToKnow.objects.between(day, day).exclude(court=None).times_by("court") if day else {}
    sent = _summed((share.court, share) for share in shares_on_time(day, day)) if day else {}
    courts = Court.objects.filter(pk__in=times.keys() | sent.keys() | late.keys())
    return [
        CourtOfRecord(
            court, Promise(times.get(court.pk, NONE)), sent.get(court.pk, OnTime()), late.get(court.pk)
        )
        for court in courts
    ]


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


class Record(NamedTuple):
    """All that is shown of the record."""

    months: list[MonthOfRecord]
    last_month: dt.date | None
    courts: list[CourtOfRecord]  # in the last month
    quarters: list[Quarter]
    fewest: int = FEWEST_MAILS


def read(now: dt.datetime | None = None) -> Record:
    """Return the record as it is now. Small numbers are in it; each says whether it is to be shown."""
    months = months_of_record(now or timezone.now())
    last = next((month.day for month in months if month.is_over), None)
    return Record(months, last, courts_of_record(last), latest_quarters())
