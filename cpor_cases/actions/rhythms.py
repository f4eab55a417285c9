"""The rhythm of courts: learnt each night from what they sent; set, and its closed days marked, by their managers."""

import datetime as dt
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from cpor_cases.models import CourtClosure, CourtRhythm, SendingDay
from cpor_cases.permissions import can_set_rhythm
from cpor_cases.rhythm.calendars import calendars_of
from cpor_cases.rhythm.known import as_stored, times_of, tolerance_of
from cpor_cases.rhythm.learning import LOOKED_BACK, learn
from cpor_cases.rhythm.sendings import COME, local_moments_of, moments_of
from cpor_cases.rhythm.usual_times import ONE_DAY, Expected, IsWorking, expected_on
from cpor_core.models import Court

from . import delays

COUNTED_BACK = 14  # days that are counted at most after the worker was away
CHOSEN = ("is_watched", "set_times", "set_weekdays", "tolerance_minutes")


def learn_all(now: dt.datetime | None = None) -> None:
    """Count the days that are over, by the rhythm that was in force, and learn each court's times anew.

    May be repeated: a day is counted once, and the same sendings make the same times.
    """
    now = now or timezone.now()
    courts = list(Court.objects.select_related("rhythm"))
    calendars = calendars_of(court.pk for court in courts)
    counted = dict(SendingDay.objects.values_list("court").annotate(last=Max("day")).order_by())
    for court in courts:
        if rhythm := getattr(court, "rhythm", None):
            _count_days(rhythm, calendars[court.pk], counted.get(court.pk), now)
        _learn(court, calendars[court.pk], now)


@transaction.atomic
def _learn(court: Court, is_working: IsWorking, now: dt.datetime) -> None:
    sent = local_moments_of(court, now - LOOKED_BACK)
    times = learn(sent, is_working=is_working)
    rhythm = _locked_rhythm(court)
    if rhythm.pk is None and not times:
        return
    if not times_of(rhythm):
        rhythm.speaks_from = now
    rhythm.learnt, rhythm.sendings, rhythm.learnt_at = as_stored(times), len(sent), now
    rhythm.save()


def _count_days(
    rhythm: CourtRhythm, is_working: IsWorking, last_counted: dt.date | None, now: dt.datetime
) -> None:
    """Count the days that ended since the last count: a day ends when nothing of it is to come any more."""
    today = timezone.localdate(now)
    begun = timezone.localdate(rhythm.speaks_from) + ONE_DAY
    first = max(today - COUNTED_BACK * ONE_DAY, begun, (last_counted or begun - ONE_DAY) + ONE_DAY)
    expected = dict(_expected_between(rhythm, is_working, first, now))
    if not expected:
        return
    earliest = min((each.day_begins_at for day in expected.values() for each in day), default=now)
    sent = moments_of(rhythm.court_id, earliest, COME)
    SendingDay.objects.bulk_create(
        (
            SendingDay(
                court_id=rhythm.court_id,
                day=day,
                expected=len(of_day),
                on_time=sum(each.is_met(sent, by=each.due_at) for each in of_day),
            )
            for day, of_day in expected.items()
        ),
        ignore_conflicts=True,
    )


def _expected_between(
    rhythm: CourtRhythm, is_working: IsWorking, first: dt.date, now: dt.datetime
) -> Iterator[tuple[dt.date, list[Expected]]]:
    times, tolerance = times_of(rhythm), tolerance_of(rhythm)
    day = first
    while day < timezone.localdate(now):
        expected = expected_on(day, times, tolerance=tolerance, is_working=is_working)
        if any(each.due_at > now for each in expected):
            return
        if expected:
            yield day, expected
        day += ONE_DAY


def _locked_rhythm(court: Court) -> CourtRhythm:
    """Return the rhythm of a court that nobody else changes until the transaction ends."""
    Court.objects.select_for_update(no_key=True).get(pk=court.pk)
    return rhythm_of(court)


def rhythm_of(court: Court) -> CourtRhythm:
    """Return the rhythm of a court; of one that has none yet, a new one that is not stored."""
    return CourtRhythm.objects.filter(court=court).first() or CourtRhythm(court=court)


@transaction.atomic
def choose(*, court: Court, by, **facts) -> bool:
    """Set when a court usually sends and how much later is late, or leave it to what is learnt; return whether that changed.

    Empty `set_times` leave it to what is learnt. What was due before is not asked for any more.
    """
    if not can_set_rhythm(by, court):
        raise PermissionDenied
    rhythm = _locked_rhythm(court)
    changed = [name for name in CHOSEN if name in facts and getattr(rhythm, name) != facts[name]]
    if not changed:
        return False
    for name in changed:
        setattr(rhythm, name, facts[name])
    rhythm.speaks_from = timezone.now()
    rhythm.save()
    delays.end_of_rhythm(court)
    log(instance=court, action="cpor_cases.court.rhythm", user=by, data={"changed": changed})
    return True


@transaction.atomic
def close(*, court: Court, first_day: dt.date, last_day: dt.date, reason: str, by) -> CourtClosure:
    """Mark that a court sends no data from one day to another: what was due in that time is not late."""
    if not can_set_rhythm(by, court):
        raise PermissionDenied
    facts = {"first_day": first_day, "last_day": last_day, "reason": reason}
    closure = CourtClosure.objects.create(court=court, marked_by=by, **facts)
    delays.end_of_closure(closure)
    log(instance=court, action="cpor_cases.court.close", user=by, data=_as_logged(closure))
    return closure


@transaction.atomic
def take_back_closure(closure: CourtClosure, *, by) -> None:
    """Delete a closure that was marked."""
    if not can_set_rhythm(by, closure.court):
        raise PermissionDenied
    log(instance=closure.court, action="cpor_cases.court.reopen", user=by, data=_as_logged(closure))
    closure.delete()


def _as_logged(closure: CourtClosure) -> dict[str, str]:
    return {"from": f"{closure.first_day}", "to": f"{closure.last_day}", "reason": closure.reason}
