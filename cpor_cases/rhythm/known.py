"""The usual times of a court, as they are stored with its rhythm: set by its manager, or else learnt."""

import datetime as dt
from dataclasses import asdict
from itertools import pairwise

from cpor_cases.models import CourtRhythm

from .usual_times import UsualTime

HALF_A_DAY = 12 * 60


def times_of(rhythm: CourtRhythm) -> list[UsualTime]:
    """Return the times that count; none if the court is not watched, or has no rhythm."""
    if not rhythm.is_watched:
        return []
    if rhythm.is_set:
        return _as_set(rhythm.set_times, tuple(rhythm.set_weekdays), rhythm.tolerance_minutes)
    return [UsualTime(**facts | {"weekdays": tuple(facts["weekdays"])}) for facts in rhythm.learnt]


def _as_set(minutes: list[int], weekdays: tuple[int, ...], tolerance: int) -> list[UsualTime]:
    """A sending counts for the time before until that is late, and for the first of a day from the evening before."""
    ordered = sorted(minutes)
    begins = ordered[0] - HALF_A_DAY
    opens = [begins, *(min(before + tolerance + 1, after) for before, after in pairwise(ordered))]
    return [
        UsualTime(minute, minute, since, place, begins, weekdays)
        for place, (minute, since) in enumerate(zip(ordered, opens, strict=True), start=1)
    ]


def as_stored(times: list[UsualTime]) -> list[dict]:
    return [asdict(time) | {"weekdays": list(time.weekdays)} for time in times]


def tolerance_of(rhythm: CourtRhythm) -> dt.timedelta:
    return dt.timedelta(minutes=rhythm.tolerance_minutes)
