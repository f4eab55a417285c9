"""Hearings as iCalendar (RFC 5545).

Everything in an event comes from stored facts, so the same facts make the same bytes.
"""

import datetime as dt
import math
import uuid
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration

from cpor_core import conf
from cpor_core.links import absolute
from cpor_core.models import ProgressKind
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS
from cpor_core.punctuation import in_a_row, labelled
from cpor_core.roc_dates import moment_in_both_calendars

from .hearings.of_cases import CalendarHearing
from .hearings.standing import Hearing
from .models import CalendarFeed, ProgressEntry

Title = CalendarFeed.Title

ZONE = ZoneInfo(settings.TIME_ZONE)
Kinds = Mapping[int, ProgressKind]
NO_KINDS: Kinds = MappingProxyType({})
LENGTH = dt.timedelta(hours=1)  # courts do not say how long a hearing takes; the event says so too
MORNING = dt.timedelta(hours=9)  # of the day before, when a hearing has no time of day


def kinds_to_explain(hearings: Iterable[CalendarHearing], *, title: str) -> Kinds:
    """Return the kind of the entry that says how each hearing stands, by the entry's key.

    There is none where the calendar is to say no more than that there is a hearing. One that does not take place is
    explained by what called it off: nobody is asked to come.
    """
    if title == Title.HEARING:
        return {}
    standing = {shown.hearing.said_by: shown.hearing.stands for shown in hearings}
    told = ProgressEntry.objects.filter(pk__in=standing).select_related("kind")
    return {
        entry.pk: entry.kind
        for entry in told
        if standing[entry.pk] or entry.kind.hearing_effect in CHANGES_OF_HEARINGS
    }


def calendar_of(
    hearings: Iterable[CalendarHearing], *, title: str = Title.HEARING, kinds: Kinds = NO_KINDS
) -> bytes:
    """Return a whole calendar of hearings in the active language; `kinds` are explained in it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{conf.MESSAGE_ID_DOMAIN}//Case progress//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("Court hearings"))
    refresh = dt.timedelta(hours=conf.CALENDAR_REFRESH_HOURS)
    calendar.add("refresh-interval", vDuration(refresh), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    for shown in hearings:
        calendar.add_component(_event(shown, title, kinds.get(shown.hearing.said_by)))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def uid_of(hearing: Hearing) -> str:
    """Return the UID of a hearing, which no move or correction changes and which says nothing about person or case."""
    namespace = uuid.uuid5(uuid.NAMESPACE_DNS, conf.MESSAGE_ID_DOMAIN)
    return str(uuid.uuid5(namespace, f"hearing {hearing.key}"))


def sequence_of(hearing: CalendarHearing) -> int:
    """Return the SEQUENCE of a hearing: the seconds from its first recording to its last change, which only grow."""
    return math.ceil((hearing.changed_at - hearing.first_seen_at).total_seconds())


def _event(shown: CalendarHearing, title: str, kind: ProgressKind | None = None) -> Event:
    hearing, case = shown.hearing, shown.access.case
    event = Event()
    event.add("uid", uid_of(hearing))
    event.add("sequence", sequence_of(shown))
    for name in ("dtstamp", "last-modified"):
        event.add(name, shown.changed_at.astimezone(dt.UTC))
    event.add("created", shown.first_seen_at.astimezone(dt.UTC))
    _add_time(event, hearing)
    event.add("summary", _summary(shown, title))
    event.add("location", " ".join(filter(None, [str(case.court), hearing.courtroom])))
    url = absolute(case.get_absolute_url())
    event.add("url", url)
    event.add(
        "description", "\n".join(filter(None, [_notes(hearing), _explained(kind) if kind else "", url]))
    )
    # No CLASS: some programs show private events of a subscribed calendar as "busy"; its address is the secret.
    event.add("status", "CONFIRMED" if hearing.stands else "CANCELLED")
    event.add("transp", "OPAQUE" if hearing.stands else "TRANSPARENT")
    if hearing.stands:
        for days in shown.access.reminder_days_chosen:
            event.add_component(_alarm(hearing, days))
    return event


def _local(hearing: Hearing) -> dt.datetime:
    return hearing.at.astimezone(ZONE)


def _has_time(hearing: Hearing) -> bool:
    """Midnight stands for a day without a time."""
    return _local(hearing).time() != dt.time()


def _add_time(event: Event, hearing: Hearing) -> None:
    if _has_time(hearing):
        event.add("dtstart", _local(hearing))
        event.add("duration", LENGTH)
    else:
        event.add("dtstart", _local(hearing).date())


def _summary(shown: CalendarHearing, title: str) -> str:
    words = _state_in_words(shown.hearing)
    if title == Title.HEARING:
        return words
    number = str(shown.access.case.full_number)
    which = (shown.access.own_name or number) if title == Title.OWN_NAME else number
    return f"{words} {which}"


def _state_in_words(hearing: Hearing) -> str:
    if hearing.awaits_date:
        return _("Hearing moved, no new date yet")
    if not hearing.stands:
        return _("Hearing called off")
    return _("Hearing moved") if hearing.was else _("Hearing")


def _notes(hearing: Hearing) -> str:
    if hearing.awaits_date:
        return _("The court has moved this hearing to another date, which is not known yet.")
    if not hearing.stands:
        return _("The court has called this hearing off.")
    notes = [
        _(
            "Dates shown here are for reference. What counts is the court's summons or notice and what actually happens in court."
        )
    ]
    if hearing.was:
        was = in_a_row(moment_in_both_calendars(each) for each in hearing.was)
        notes.insert(0, _("Moved. It was set for %(was)s.") % {"was": was})
    if _has_time(hearing):
        notes.append(_("The court does not say how long it takes; one hour is entered here."))
    return "\n".join(notes)


def _explained(kind: ProgressKind) -> str:
    """Return what an entry of the kind means, what to do and what comes next: a line each."""
    said = [
        labelled(kind.name, kind.meaning) if kind.meaning else "",
        labelled(_("What you must do"), kind.to_do) if kind.to_do else "",
        labelled(_("What usually comes next"), kind.next_step) if kind.next_step else "",
    ]
    return "\n".join(filter(None, said))


def _alarm(hearing: Hearing, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Hearing"))
    before = dt.timedelta(days=days)
    alarm.add("trigger", -before if _has_time(hearing) else MORNING - before)
    return alarm
