"""The history of the case words: a record of each change. Whoever changes a word records it here."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from cpor_core.model_fields import field_of
from cpor_core.models import CaseWord, CaseWordRecord

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
    """Record the present state of `word`, unless its last record is the same."""
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


def what_happened(record: CaseWordRecord, before: CaseWordRecord | None) -> str:
    """Return in a few words what changed from the record before, if there is one."""
    if record.event == CaseWordRecord.Event.REMOVED:
        return _("removed from the list")
    if before is None:
        return _("added to the list: %(state)s") % {"state": record.get_openness_display()}
    if record.openness != before.openness:
        return _("now %(state)s") % {"state": record.get_openness_display()}
    if (record.open_from, record.open_until) != (before.open_from, before.open_until):
        return _("open dates changed")
    return _("description changed")


def _last_records() -> dict[int, CaseWordRecord]:
    return {record.word_id_then: record for record in CaseWordRecord.objects.order_by("recorded_at", "pk")}


def _facts(word: CaseWord) -> dict:
    return {"word_id_then": word.pk} | {name: _value(word, name) for name in TOLD}


def _differs(word: CaseWord, record: CaseWordRecord) -> bool:
    return any(_value(word, name) != _value(record, name) for name in TOLD)


def _value(row: CaseWord | CaseWordRecord, name: str):
    """Return the stored value of a field; of a text in several languages, all of them."""
    return field_of(row, name).value_from_object(row)
