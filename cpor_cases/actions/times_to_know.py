"""How long until people knew, month by month: counted each night from the mails, and closed when a month is settled."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from cpor_cases.models import OutgoingMail, TimeToKnow
from cpor_cases.models.times_to_know import measured
from cpor_core import conf
from cpor_core.roc_dates import in_taipei
from cpor_core.signals import content_changed

ONE_MONTH = relativedelta(months=1)


def refresh(now: dt.datetime | None = None) -> int:
    """Count anew the months that are not closed, and close those whose mails have all been sent or given up; return how
    many months were counted."""
    now = now or timezone.now()
    months = _open_months(now)
    for month in months:
        _count(month, now)
    return len(months)


def _open_months(now: dt.datetime) -> list[dt.date]:
    """Return the first days of the months from the one after the last closed one, or from the first mail, to this one."""
    closed = TimeToKnow.objects.filter(is_closed=True).aggregate(last=Max("month"))["last"]
    first = closed + ONE_MONTH if closed else None
    if first is None:
        oldest = OutgoingMail.objects.aggregate(at=Min("accepted_at"))["at"]
        first = in_taipei(oldest or now).date().replace(day=1)
    months, present = [], in_taipei(now).date().replace(day=1)
    while first <= present:
        months.append(first)
        first += ONE_MONTH
    return months


@transaction.atomic
def _count(month: dt.date, now: dt.datetime) -> None:
    """Replace the figures of a month."""
    end = _midnight(month + ONE_MONTH)
    is_settled = now >= end + dt.timedelta(hours=conf.MAIL_RETRY_HOURS, days=1)
    TimeToKnow.objects.filter(month=month).delete()
    TimeToKnow.objects.bulk_create(
        TimeToKnow(
            month=month,
            kind=kind,
            court_id=court,
            counts=list(times.counts),
            counted_at=now,
            is_closed=is_settled,
        )
        for (kind, court), times in measured(_midnight(month), end, now).items()
    )
    content_changed.send(TimeToKnow)  # what the public sees of it


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
