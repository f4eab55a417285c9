"""Reminders of hearings and of last days of query.

Each is due from its day on for as long as it is useful, and is posted once: a day on which no worker ran loses none.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, TruncDate
from django.utils import timezone

from cpor_cases.hearings.of_cases import of_cases
from cpor_cases.hearings.standing import CaseHearings, is_like
from cpor_cases.mail import notifications
from cpor_cases.models import CaseAccess, OutgoingMail, ProgressEntry
from cpor_cases.models.cases import within_query_period
from cpor_core.roc_dates import earliest_start_still_running


@transaction.atomic
def remind(now: dt.datetime | None = None) -> None:
    """Post the reminders that are due and not posted yet."""
    now = now or timezone.now()
    begin = now
    for days in sorted(settings.HEARING_REMINDER_DAYS):
        end = _midnight(now) + dt.timedelta(days=days + 1)
        notifications.hearing_reminders(_to_be_reminded(begin, end, days, now), days=days)
        begin = end  # a later reminder of the same hearing replaces a missed earlier one
    notifications.query_ending(_ending(now))


def _wanted(now: dt.datetime):
    live = (
        CaseAccess.objects.live()
        .with_mail_choices()
        .filter(within_query_period(now, prefix="case__"), is_reminded=True, account__is_active=True)
    )
    return live.select_related("account", "case")


def _midnight(now: dt.datetime) -> dt.datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _to_be_reminded(begin: dt.datetime, end: dt.datetime, days: int, now: dt.datetime) -> list[CaseAccess]:
    """Return the accesses to remind `days` before of hearings from `begin` to `end`, each with its `hearing_at`.

    A person who learned of a hearing later than that is not reminded: the news itself came as late.
    """
    named = ProgressEntry.objects.standing().filter(hearing_at__gte=begin, hearing_at__lt=end)
    occasion = Concat(Cast(TruncDate("case__entries__hearing_at"), CharField()), Value(f"-{days}"))
    written = OutgoingMail.objects.filter(
        access=OuterRef("pk"), kind=OutgoingMail.Kind.HEARING_REMINDER, occasion=OuterRef("occasion")
    )
    due = (
        _wanted(now)
        .filter(case__entries__in=named.values("pk"))
        .annotate(
            hearing_at=F("case__entries__hearing_at"),
            known_at=Greatest(
                Coalesce("case__entries__corrected_at", "case__entries__first_seen_at"), "granted_at"
            ),
            occasion=occasion,
        )
        .exclude(Exists(written))
    )
    known = [access for access in due if _was_known(access, days)]
    hearings = of_cases({access.case_id for access in known})
    return [access for access in known if _takes_place(access, hearings.get(access.case_id))]


def _takes_place(access: Any, of_case: CaseHearings | None) -> bool:
    """Whether there still is a hearing when the access says, or on that day if it says no time."""
    return of_case is not None and any(
        hearing.stands and is_like(hearing.at, access.hearing_at) for hearing in of_case.hearings
    )


def _was_known(access, days: int) -> bool:
    day = timezone.localdate(access.hearing_at) - dt.timedelta(days=days)
    return timezone.localdate(access.known_at) <= day


def _ending(now: dt.datetime):
    """Return the accesses to cases that can be followed for so many days more, or fewer."""
    months = settings.QUERY_PERIOD_MONTHS
    last = timezone.localdate(now) + dt.timedelta(days=settings.QUERY_ENDING_DAYS)
    return _wanted(now).filter(
        case__closed_on__lt=earliest_start_still_running(last + dt.timedelta(days=1), months)
    )
