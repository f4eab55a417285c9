"""The public history of the case words: how each stood from which moment on."""

import datetime as dt

from django.utils import timezone

from cpor_cases.models import CaseWord
from cpor_pages.models import CaseWordRecord

TOLD = (
    "category",
    "court_tier",
    "word",
    "procedure_zh",
    "procedure_en",
    "meaning_zh",
    "meaning_en",
    "openness",
    "open_from",
    "open_until",
)


def note(word: CaseWord, *, by=None, now: dt.datetime | None = None) -> CaseWordRecord | None:
    """Record how `word` stands now, unless its last record says the same."""
    last = CaseWordRecord.objects.filter(word_id_then=word.pk).first()
    if last and not _differs(word, last):
        return None
    deed = CaseWordRecord.Deed.CHANGED if last else CaseWordRecord.Deed.LISTED
    return CaseWordRecord.objects.create(
        **_facts(word), deed=deed, recorded_by=by, recorded_at=now or timezone.now()
    )


def note_removal(word: CaseWord, *, by=None) -> CaseWordRecord:
    """Record that `word` is about to leave the list."""
    return CaseWordRecord.objects.create(**_facts(word), deed=CaseWordRecord.Deed.REMOVED, recorded_by=by)


def note_all(*, by=None) -> int:
    """Record every word that differs from its last record; return how many did."""
    last = _last_records()
    now = timezone.now()
    fresh = [
        CaseWordRecord(
            **_facts(word),
            deed=CaseWordRecord.Deed.CHANGED if word.pk in last else CaseWordRecord.Deed.LISTED,
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
    return {"word_id_then": word.pk} | {name: getattr(word, name) for name in TOLD}


def _differs(word: CaseWord, record: CaseWordRecord) -> bool:
    return any(getattr(word, name) != getattr(record, name) for name in TOLD)
