"""The public history of the case words, as its page shows it."""

import datetime as dt
from typing import NamedTuple

from django.utils import timezone

from cpor_core.case_word_history import what_happened
from cpor_core.models import CaseWordRecord


def words_on(day: dt.date) -> list[CaseWordRecord]:
    """Return the words that were open on `day`, by the state of the list at the end of that day."""
    night = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    told = CaseWordRecord.objects.filter(recorded_at__lt=night).order_by("recorded_at", "pk")
    last = {record.word_id_then: record for record in told}
    return [record for record in last.values() if record.is_open(day)]


def first_day() -> dt.date | None:
    """Return the day from which the history is known."""
    first = CaseWordRecord.objects.order_by("recorded_at", "pk").first()
    return timezone.localdate(first.recorded_at) if first else None


class HistoryLine(NamedTuple):
    """One change in the public history."""

    record: CaseWordRecord
    what: str


class Day(NamedTuple):
    """All changes of one day. A day on which very many words were first listed only counts them."""

    date: dt.date
    events: list[HistoryLine]
    listed: int


MOST_LISTED_SINGLY = 20


def days() -> list[Day]:
    """Return the history, the latest day first."""
    before: dict[int, CaseWordRecord] = {}
    by_day: dict[dt.date, list[HistoryLine]] = {}
    for record in CaseWordRecord.objects.order_by("recorded_at", "pk"):
        event = HistoryLine(record, what_happened(record, before.get(record.word_id_then)))
        by_day.setdefault(timezone.localdate(record.recorded_at), []).append(event)
        before[record.word_id_then] = record
    return [_day(date, events) for date, events in reversed(by_day.items())]


def _day(date: dt.date, events: list[HistoryLine]) -> Day:
    listed = [event for event in events if event.record.event == CaseWordRecord.Event.LISTED]
    if len(listed) <= MOST_LISTED_SINGLY:
        return Day(date, events, 0)
    return Day(date, [event for event in events if event not in listed], len(listed))
