"""Noticing that a court's data has not come, and that it has come after all.

A delay is stored once for each court and time, with its mails: the clock may check as often as it likes.
"""

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from cpor_cases.mail import notifications
from cpor_cases.models import CourtClosure, CourtDelay, CourtRhythm
from cpor_cases.permissions import managers_of
from cpor_cases.rhythm.calendars import calendars_of
from cpor_cases.rhythm.known import times_of, tolerance_of
from cpor_cases.rhythm.sendings import TAKEN, latest_of, moments_of
from cpor_cases.rhythm.usual_times import Expected, IsWorking, latest_due
from cpor_core.models import Court
from cpor_core.signals import content_changed

FIRST_HOUR, LAST_HOUR = 8, 18
"""Working hours: in them somebody can do something about it, and is told."""


def watch(now: dt.datetime | None = None) -> None:
    """End the delays of courts whose data has come, and note those of courts that are late."""
    now = now or timezone.now()
    _end_met(now)
    rhythms = list(CourtRhythm.objects.filter(is_watched=True).select_related("court"))
    late_courts = set(CourtDelay.objects.going_on().values_list("court", flat=True))
    calendars = calendars_of(rhythm.court_id for rhythm in rhythms)
    due = {}
    for rhythm in rhythms:
        if rhythm.court_id not in late_courts and (found := _due(rhythm, calendars[rhythm.court_id], now)):
            due[rhythm.court] = found
    for court, expected in _unmet(due).items():
        note(court, expected, now)


def _due(rhythm: CourtRhythm, is_working: IsWorking, now: dt.datetime) -> Expected | None:
    """Return what should have come by `now`, if this is a working hour of the court and it is to be asked for."""
    local = timezone.localtime(now)
    if not (FIRST_HOUR <= local.hour < LAST_HOUR and is_working(local.date())):
        return None
    expected = latest_due(times_of(rhythm), now, tolerance=tolerance_of(rhythm), is_working=is_working)
    return expected if expected and expected.due_at > rhythm.speaks_from else None


def _unmet(due: dict[Court, Expected]) -> dict[Court, Expected]:
    """Leave out what has come: nearly all has, and one query tells of all courts at once."""
    if not due:
        return {}
    earliest = min(expected.opens_at for expected in due.values())
    latest = latest_of([court.pk for court in due], earliest)
    missing = {
        court: expected
        for court, expected in due.items()
        if court.pk not in latest or latest[court.pk] < expected.opens_at
    }
    return {
        court: expected
        for court, expected in missing.items()
        if not expected.is_met(moments_of(court.pk, min(expected.opens_at, expected.day_begins_at)))
    }


def note(court: Court, expected: Expected, now: dt.datetime) -> CourtDelay | None:
    """Store that a court is late and tell its managers and the operators; None if that is known already.

    A delay that had ended because the court was said to be closed goes on, and is told again: it is not closed after all.
    """
    try:
        with transaction.atomic():
            delay = CourtDelay.objects.create(
                court=court,
                day=expected.day,
                opens_at=expected.opens_at,
                usual_at=expected.usual_at,
                due_at=expected.due_at,
                noticed_at=now,
            )
            notifications.court_late(delay, managers_of(court), _operators())
            content_changed.send(CourtDelay)  # what the public sees of it
    except IntegrityError:
        return _go_on(court, expected, now)
    return delay


@transaction.atomic
def _go_on(court: Court, expected: Expected, now: dt.datetime) -> CourtDelay | None:
    closed = CourtDelay.objects.filter(court=court, due_at=expected.due_at, end=CourtDelay.End.CLOSED)
    delay = closed.select_for_update(of=("self",)).first()
    if delay is None or CourtDelay.objects.going_on().filter(court=court).exists():
        return None
    delay.ended_at, delay.end, delay.noticed_at = None, "", now
    delay.save(update_fields=["ended_at", "end", "noticed_at"])
    notifications.court_late(delay, managers_of(court), _operators())
    content_changed.send(CourtDelay)
    return delay


def _operators() -> QuerySet:
    return get_user_model().objects.filter(is_active=True, is_superuser=True).exclude(email="")


def _end_met(now: dt.datetime) -> None:
    for delay in CourtDelay.objects.going_on():
        if moments_of(delay.court_id, delay.opens_at, TAKEN):
            _end(CourtDelay.objects.filter(pk=delay.pk), CourtDelay.End.DATA, now)


def end_of_closure(closure: CourtClosure) -> None:
    """End the delay of a day on which the court is closed after all."""
    days = CourtDelay.objects.filter(
        court=closure.court_id, day__gte=closure.first_day, day__lte=closure.last_day
    )
    _end(days, CourtDelay.End.CLOSED, timezone.now())


def end_of_rhythm(court: Court) -> None:
    """End the delay of a court whose usual times were changed."""
    _end(CourtDelay.objects.filter(court=court), CourtDelay.End.RHYTHM, timezone.now())


def _end(delays: QuerySet, end: CourtDelay.End, now: dt.datetime) -> None:
    if delays.filter(ended_at=None).update(ended_at=now, end=end):
        content_changed.send(CourtDelay)
