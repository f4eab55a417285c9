"""Reminders of hearings and of last days of query.

Each is due from its day on for as long as it is useful, and is posted once: a day on which no worker ran loses none. What is
due to one person at the same moment is one mail.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone

from cpor_cases.hearings.of_cases import of_cases
from cpor_cases.hearings.standing import CaseHearings, is_ahead, is_like
from cpor_cases.mail import notifications
from cpor_cases.mail.notifications import Reminder
from cpor_cases.models import CaseAccess, Occasion, OutgoingMail, ProgressEntry, reminder_days
from cpor_cases.models.cases import within_query_period
from cpor_core import conf
from cpor_core.roc_dates import earliest_start_still_running, start_of_day

Kind = OutgoingMail.Kind
DAYTIME = range(8, 20)  # hours in which people are reminded
LAST_MOMENT = dt.timedelta(hours=19, minutes=30)  # of a day, at which all that is due has been posted
MORNING = dt.timedelta(hours=DAYTIME.start)


def remind(now: dt.datetime | None = None) -> None:
    """Post the reminders that are due and not posted yet."""
    now = now or timezone.now()
    notifications.hearing_reminders(_hearings_due(now))
    notifications.query_ending(_ending(now))


def missed(now: dt.datetime | None = None) -> list[Any]:
    """Return the accesses whose person should have been reminded of a hearing by the evening of the day before `now`, and
    was not; for the self-check. What became due or was chosen only later that evening is not missed."""
    evening = start_of_day(now) - dt.timedelta(days=1) + LAST_MOMENT
    found = [access for access in _hearing_accesses_due(evening) if access.known_at <= evening]
    changed_later = {
        access.pk
        for access in CaseAccess.objects.filter(pk__in=[access.pk for access in found]).filter(
            Q(mails_chosen_at__gt=evening)
            | Q(account__litigant__mails_chosen_at__gt=evening)
            | Q(account__activation__activated_at__gt=evening)
        )
    }
    return [
        access
        for access in found
        if access.pk not in changed_later and is_ahead(access.hearing_at, now or timezone.now())
    ]


def _wanted(now: dt.datetime):
    live = (
        CaseAccess.objects.live()
        .with_mail_choices()
        .filter(within_query_period(now, prefix="case__"), is_reminded=True, account__is_active=True)
    )
    return live.select_related("account", "case")


def _hearings_due(now: dt.datetime) -> Iterator[Reminder]:
    """Return of which hearings to remind now."""
    for access in _hearing_accesses_due(now):
        yield _reminder_of(access)


def _hearing_accesses_due(now: dt.datetime) -> Iterator[Any]:
    begin = start_of_day(now)
    for days in sorted(
        {days for choice, _label in reminder_days.choices() for days in reminder_days.read(choice)}
    ):
        end = start_of_day(now) + dt.timedelta(days=days + 1)
        yield from _to_be_reminded(begin, end, days, now)
        begin = end


def _reminder_of(access: Any) -> Reminder:
    """Return the reminder of a hearing: due from the morning of the day that its person has chosen, or since they knew."""
    morning = start_of_day(access.hearing_at) - dt.timedelta(days=access.days_before) + MORNING
    day = timezone.localdate(access.hearing_at)
    return Reminder(access, day, access.days_before, due_at=max(morning, access.known_at))


def _to_be_reminded(begin: dt.datetime, end: dt.datetime, days: int, now: dt.datetime) -> list[Any]:
    """Return the accesses to remind of hearings from `begin` to `end`, at most so many `days` off, each with its
    `hearing_at` and `days_before`.

    Of the days that a person has chosen the last that has come counts: it replaces an earlier one that was missed. Who
    learned of a hearing later than that is not reminded: the news itself came as late.
    """
    named = ProgressEntry.objects.standing().filter(hearing_at__gte=begin, hearing_at__lt=end)
    known_at = Coalesce("case__entries__corrected_at", "case__entries__first_seen_at")
    told = Occasion.objects.filter(
        access=OuterRef("pk"),
        kind=Kind.HEARING_REMINDER,
        day=OuterRef("day"),
        days_before=OuterRef("days_before"),
    )
    due = (
        _wanted(now)
        .filter(case__entries__in=named.values("pk"))
        .annotate(
            hearing_at=F("case__entries__hearing_at"),
            day=TruncDate("case__entries__hearing_at"),
            known_at=Greatest(known_at, "granted_at"),
            days_before=_last_that_has_come(days),
        )
        .filter(~Exists(told), days_before__isnull=False)
        .order_by("hearing_at", "pk")
    )
    known = [access for access in due if _was_known(access) and is_ahead(access.hearing_at, now)]
    hearings = of_cases({access.case_id for access in known})
    return [access for access in known if _takes_place(access, hearings.get(access.case_id))]


def _last_that_has_come(days_left: int) -> Choose:
    """Return the expression for the last of the days chosen that has come when a hearing is so many days off."""
    found = [
        When(reminded_before=choice, then=Value(min(come)))
        for choice, _label in reminder_days.choices()
        if (come := [days for days in reminder_days.read(choice) if days >= days_left])
    ]
    return Choose(*found, default=None, output_field=IntegerField())


def _was_known(access: Any) -> bool:
    day = timezone.localdate(access.hearing_at) - dt.timedelta(days=access.days_before)
    return timezone.localdate(access.known_at) <= day


def _takes_place(access: Any, of_case: CaseHearings | None) -> bool:
    """Whether there still is a hearing when the access says, or on that day if it says no time."""
    return of_case is not None and any(
        hearing.stands and is_like(hearing.at, access.hearing_at) for hearing in of_case.hearings
    )


def _ending(now: dt.datetime) -> list[CaseAccess]:
    """Return the accesses to cases that can be followed for so many days more, or fewer, of which nobody has been told."""
    months = conf.QUERY_PERIOD_MONTHS
    last = timezone.localdate(now) + dt.timedelta(days=conf.QUERY_ENDING_DAYS)
    ending = list(
        _wanted(now).filter(
            case__closed_on__lt=earliest_start_still_running(last + dt.timedelta(days=1), months)
        )
    )
    keys = {access.pk for access in ending}
    told = set(Occasion.objects.filter(access__in=keys, kind=Kind.QUERY_ENDING).values_list("access", "day"))
    return [access for access in ending if (access.pk, access.case.last_query_day) not in told]
