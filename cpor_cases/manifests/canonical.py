"""The canonical bytes of an entry, and the digests of entries and of groups of them.

A part of the interface: a court's system computes the same. Never change what is here without another MARK.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from cpor_cases.intake.text_meaning import meaning
from cpor_core.roc_dates import in_taipei

MARK = "cpor-entry-1"
NOTHING = hashlib.sha256().hexdigest()
"""The digest of a group without entries."""

text = lru_cache(8192)(meaning)


class Facts(NamedTuple):
    """What of an entry is in its digest, in this order."""

    entry_id: str
    category: str
    year: int
    word: str
    number: int
    recorded_at: dt.datetime
    kind: str
    detail: str
    hearing_at: dt.datetime | None
    courtroom: str
    moved_from: dt.datetime | None


@lru_cache(8192)
def moment(at: dt.datetime | None) -> str:
    """Return a moment as clocks in Taipei showed it, to the minute; midnight stands for a day without a time."""
    return f"{in_taipei(at):%Y-%m-%dT%H:%M}:00+08:00" if at else ""


def canonical(entry: Facts) -> str:
    """Return the lines whose bytes in UTF-8 are hashed. No value has a line end in it."""
    return "\n".join(
        (
            MARK,
            text(entry.entry_id),
            entry.category,
            str(entry.year),
            text(entry.word),
            str(entry.number),
            moment(entry.recorded_at),
            entry.kind,
            meaning(entry.detail),
            moment(entry.hearing_at),
            text(entry.courtroom),
            moment(entry.moved_from),
        )
    )


def digest_of_entry(entry: Facts) -> str:
    return hashlib.sha256(canonical(entry).encode()).hexdigest()


def digest_of_group(digests: Iterable[str]) -> str:
    """Return the digest of some entries, in whatever order they come."""
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(digests)).encode()).hexdigest()
