"""What the clock tells people of: a hearing that comes, a last day of query that is near. Each tick may come twice."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cpor_cases import notifications
from cpor_cases.calendars import earliest_start_still_running
from cpor_cases.models import CaseAccess, ProgressEntry
from cpor_cases.models.cases import within_query_period


@transaction.atomic
def remind(now: dt.datetime | None = None) -> None:
    """Write the reminders of this day that are not written yet."""
    now = now or timezone.now()
    for days in settings.HEARING_REMINDER_DAYS:
        notifications.hearing_reminders(_with_hearing_in(days, now), days=days)
    notifications.query_ending(_ending(now))


def _wanted(now: dt.datetime):
    live = (
        CaseAccess.objects.live()
        .with_mail_choices()
        .filter(within_query_period(now, prefix="case__"), is_reminded=True, account__is_active=True)
    )
    return live.select_related("account", "case")


def _with_hearing_in(days: int, now: dt.datetime):
    """Return who is to be reminded of the hearings of one day, each access with its `hearing_at`."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    day = midnight + dt.timedelta(days=days)
    coming = ProgressEntry.objects.coming_hearings(now).filter(
        hearing_at__gte=day, hearing_at__lt=day + dt.timedelta(days=1)
    )
    return (
        _wanted(now)
        .filter(case__entries__in=coming.values("pk"))
        .annotate(hearing_at=F("case__entries__hearing_at"))
    )


def _ending(now: dt.datetime):
    """Return who is to be told that a case can be followed for so many days more, or fewer."""
    months = settings.QUERY_PERIOD_MONTHS
    last = timezone.localdate(now) + dt.timedelta(days=settings.QUERY_ENDING_DAYS)
    return _wanted(now).filter(
        case__closed_on__lt=earliest_start_still_running(last + dt.timedelta(days=1), months)
    )
