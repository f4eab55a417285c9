"""The public history of the case words: how each stood from which moment on."""

import datetime as dt
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_core.models import CaseWord, CaseWordRecord
from cpor_core.punctuation import in_a_row
from cpor_core.translated.fields import TranslatedField

TOLD = (
    "category",
    "court_tier",
    "word",
    "procedure",
    "meaning",
    "openness",
    "open_from",
    "open_until",
)


def note(word: CaseWord, *, by=None, now: dt.datetime | None = None) -> CaseWordRecord | None:
    """Record how `word` stands now, unless its last record says the same."""
    last = CaseWordRecord.objects.filter(word_id_then=word.pk).first()
    if last and not _differs(word, last):
        return None
    what = CaseWordRecord.Event.CHANGED if last else CaseWordRecord.Event.LISTED
    return CaseWordRecord.objects.create(
        **_facts(word), event=what, recorded_by=by, recorded_at=now or timezone.now()
    )


def note_removal(word: CaseWord, *, by=None) -> CaseWordRecord:
    """Record that `word` is about to leave the list."""
    return CaseWordRecord.objects.create(**_facts(word), event=CaseWordRecord.Event.REMOVED, recorded_by=by)


def note_all(*, by=None) -> int:
    """Record every word that differs from its last record; return how many did."""
    last = _last_records()
    now = timezone.now()
    fresh = [
        CaseWordRecord(
            **_facts(word),
            event=CaseWordRecord.Event.CHANGED if word.pk in last else CaseWordRecord.Event.LISTED,
            recorded_by=by,
            recorded_at=now,
        )
        for word in CaseWord.objects.all()
        if word.pk not in last or _differs(word, last[word.pk])
    ]
    return len(CaseWordRecord.objects.bulk_create(fresh))


def _last_records() -> dict[int, CaseWordRecord]:
    return {record.word_id_then: record for record in CaseWordRecord.objects.order_by("recorded_at", "pk")}


def _facts(word: CaseWord) -> dict:
    return {"word_id_then": word.pk} | {name: _value(word, name) for name in TOLD}


def _differs(word: CaseWord, record: CaseWordRecord) -> bool:
    return any(_value(word, name) != _value(record, name) for name in TOLD)


def _value(row: CaseWord | CaseWordRecord, name: str):
    """Return what is stored in a field: of a text, those of all languages."""
    return row._meta.get_field(name).value_from_object(row)


def words_on(day: dt.date) -> list[CaseWordRecord]:
    """Return the words that were open on `day`, as the list told them at the end of that day."""
    night = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    told = CaseWordRecord.objects.filter(recorded_at__lt=night).order_by("recorded_at", "pk")
    last = {record.word_id_then: record for record in told}
    return [record for record in last.values() if record.is_open(day)]


def first_day() -> dt.date | None:
    """Return the day from which the history is known."""
    first = CaseWordRecord.objects.order_by("recorded_at", "pk").first()
    return timezone.localdate(first.recorded_at) if first else None


class HistoryLine(NamedTuple):
    """One change as the public history tells it."""

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
        event = HistoryLine(record, _what(record, before.get(record.word_id_then)))
        by_day.setdefault(timezone.localdate(record.recorded_at), []).append(event)
        before[record.word_id_then] = record
    return [_day(date, events) for date, events in reversed(by_day.items())]


def _day(date: dt.date, events: list[HistoryLine]) -> Day:
    listed = [event for event in events if event.record.event == CaseWordRecord.Event.LISTED]
    if len(listed) <= MOST_LISTED_SINGLY:
        return Day(date, events, 0)
    return Day(date, [event for event in events if event not in listed], len(listed))


def _what(record: CaseWordRecord, before: CaseWordRecord | None) -> str:
    if record.event == CaseWordRecord.Event.REMOVED:
        return _("removed from the list")
    if before is None:
        return _("added to the list: %(state)s") % {"state": record.get_openness_display()}
    if record.openness != before.openness:
        return _("now %(state)s") % {"state": record.get_openness_display()}
    if (record.open_from, record.open_until) != (before.open_from, before.open_until):
        return _("open dates changed")
    return _("description changed")


def told(records) -> list[CaseWordRecord]:
    """Return records with, in `what`, all that each changed, for those who answer for the list."""
    records = list(records)
    ids = {record.word_id_then for record in records}
    earlier = CaseWordRecord.objects.filter(word_id_then__in=ids).order_by("recorded_at", "pk")
    before: dict[int, CaseWordRecord | None] = {}
    last: dict[int, CaseWordRecord] = {}
    for record in earlier:
        before[record.pk] = last.get(record.word_id_then)
        last[record.word_id_then] = record
    for record in records:
        record.what = _all_that_changed(record, before.get(record.pk))
    return records


def _all_that_changed(record: CaseWordRecord, before: CaseWordRecord | None) -> str:
    if before is None or record.event == CaseWordRecord.Event.REMOVED:
        return _what(record, before)
    changes = [
        _("%(field)s: %(before)s → %(after)s")
        % {
            "field": label,
            "before": was or "–",
            "after": now or "–",
        }
        for name in TOLD
        for (label, was), (_label, now) in zip(_shown(before, name), _shown(record, name), strict=True)
        if was != now
    ]
    return in_a_row(changes)


def _shown(record: CaseWordRecord, name: str) -> list[tuple[str, str]]:
    """Return a field as people read it, labelled: one line, or one for each language."""
    field = record._meta.get_field(name)
    if isinstance(field, TranslatedField):
        return field.labelled(record)
    words = getattr(record, f"get_{name}_display", lambda: getattr(record, name))()
    return [(str(field.verbose_name), str(words or ""))]
