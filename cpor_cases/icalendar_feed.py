"""Hearings as iCalendar (RFC 5545).

Everything in an event comes from stored facts, so the same facts make the same bytes.
"""

import datetime as dt
import math
import uuid
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration

from cpor_core.links import absolute

from .models import CalendarFeed, ProgressEntry

Title = CalendarFeed.Title

ZONE = ZoneInfo(settings.TIME_ZONE)
LENGTH = dt.timedelta(hours=1)  # courts do not say how long a hearing takes; the event says so too
MORNING = dt.timedelta(hours=9)  # of the day before, when a hearing has no time of day


def calendar_of(hearings: Iterable[ProgressEntry], *, title: Title = Title.HEARING) -> bytes:
    """Return a whole calendar of hearings, each with `called_off`, `changed_at` and `own_name`, in the active language."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.MESSAGE_ID_DOMAIN}//Case progress//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("Court hearings"))
    refresh = dt.timedelta(hours=settings.CALENDAR_REFRESH_HOURS)
    calendar.add("refresh-interval", vDuration(refresh), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    for hearing in _each_once(hearings):
        calendar.add_component(_event(hearing, title))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def uid_of(hearing: ProgressEntry) -> str:
    """Return the UID of a hearing, which no correction changes and which says nothing about person or case."""
    namespace = uuid.uuid5(uuid.NAMESPACE_DNS, settings.MESSAGE_ID_DOMAIN)
    return str(uuid.uuid5(namespace, f"hearing {hearing.pk}"))


def sequence_of(hearing: ProgressEntry) -> int:
    """Return the SEQUENCE of a hearing: the seconds from its first recording to its last change, which only grow."""
    return math.ceil((hearing.changed_at - hearing.first_seen_at).total_seconds())


def _each_once(hearings: Iterable[ProgressEntry]) -> list[ProgressEntry]:
    """Return one hearing for each moment of a case, though several entries may set it; one that takes place comes first."""
    events: dict[tuple, ProgressEntry] = {}
    for hearing in hearings:
        moment = hearing.case_id, hearing.hearing_at
        if moment not in events or (events[moment].called_off and not hearing.called_off):
            events[moment] = hearing
    return list(events.values())


def _event(hearing: ProgressEntry, title: Title) -> Event:
    event = Event()
    event.add("uid", uid_of(hearing))
    event.add("sequence", sequence_of(hearing))
    for name in ("dtstamp", "last-modified"):
        event.add(name, hearing.changed_at.astimezone(dt.UTC))
    event.add("created", hearing.first_seen_at.astimezone(dt.UTC))
    _add_time(event, hearing)
    event.add("summary", _summary(hearing, title))
    event.add("location", " ".join(filter(None, [str(hearing.case.court), hearing.courtroom])))
    url = absolute(reverse("cpor_cases:case", args=[hearing.case.public_id]))
    event.add("url", url)
    event.add("description", f"{_notes(hearing)}\n{url}")
    # No CLASS: some programs show private events of a subscribed calendar as "busy"; its address is the secret.
    event.add("status", "CANCELLED" if hearing.called_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if hearing.called_off else "OPAQUE")
    if not hearing.called_off:
        for days in settings.HEARING_REMINDER_DAYS:
            event.add_component(_alarm(hearing, days))
    return event


def _local(hearing: ProgressEntry) -> dt.datetime:
    return hearing.hearing_at.astimezone(ZONE)


def _has_time(hearing: ProgressEntry) -> bool:
    """Midnight stands for a day without a time."""
    return _local(hearing).time() != dt.time()


def _add_time(event: Event, hearing: ProgressEntry) -> None:
    if _has_time(hearing):
        event.add("dtstart", _local(hearing))
        event.add("duration", LENGTH)
    else:
        event.add("dtstart", _local(hearing).date())


def _summary(hearing: ProgressEntry, title: Title) -> str:
    words = _("Hearing called off") if hearing.called_off else _("Hearing")
    if title == Title.HEARING:
        return words
    number = str(hearing.case.full_number)
    which = (hearing.own_name or number) if title == Title.OWN_NAME else number
    return f"{words} {which}"


def _notes(hearing: ProgressEntry) -> str:
    if hearing.called_off:
        return _("The court has called this hearing off or changed its date.")
    prevails = _(
        "Dates shown here are for reference. The summons or notice of the court and what is actually done prevail."
    )
    if not _has_time(hearing):
        return prevails
    return "\n".join([prevails, _("The court does not say how long it takes; one hour is entered here.")])


def _alarm(hearing: ProgressEntry, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Hearing"))
    before = dt.timedelta(days=days)
    alarm.add("trigger", -before if _has_time(hearing) else MORNING - before)
    return alarm
