"""The service notes each minute that it is open: gaps in its notes are the times in which it was closed."""

import datetime as dt

import pytest
from django.utils import timezone

from cpor_cases import tasks
from cpor_cases.actions import service_spans
from cpor_cases.models import ServiceSpan

pytestmark = pytest.mark.django_db

DAY = timezone.make_aware(dt.datetime(2026, 11, 2))
MINUTE = dt.timedelta(minutes=1)


def at(minute: float) -> dt.datetime:
    return DAY + minute * MINUTE


def run(*minutes: float) -> None:
    for minute in minutes:
        service_spans.note(at(minute))


def closed(first: float, end: float) -> float | None:
    seconds = ServiceSpan.objects.spans().closed_seconds(at(first), at(end))
    return seconds if seconds is None else seconds / 60


def test_a_service_that_is_open_all_the_time_is_one_span():
    run(*range(10))

    assert ServiceSpan.objects.count() == 1
    assert closed(0, 10) == 0


def test_a_gap_closes_it_from_the_last_note_to_the_next():
    run(0, 1, 2, 12, 13)

    assert ServiceSpan.objects.count() == 2
    assert closed(0, 60) == 10


def test_a_worker_that_is_busy_for_a_minute_or_two_closes_nothing():
    run(0, 2.5, 5, 6)

    assert closed(0, 60) == 0


@pytest.mark.parametrize(
    ("first", "end", "minutes"),
    [(0, 60, 40), (0, 20, 10), (20, 30, 10), (45, 60, 5), (55, 60, 0), (60, 90, 0)],
)
def test_of_a_gap_each_period_has_its_own_part(first, end, minutes):
    run(0, 10, 50, 53, 56, 59, 62)
    ServiceSpan.objects.filter(began_at=at(0)).update(ended_at=at(10))
    ServiceSpan.objects.filter(began_at=at(10)).delete()

    assert closed(first, end) == minutes


def test_before_its_first_minute_it_was_not_there_and_of_the_last_gap_nothing_is_known_yet():
    run(30, 31)

    assert closed(0, 30) is None
    assert closed(0, 60) == 0
    assert closed(60, 90) == 0


def test_a_clock_that_was_set_back_shortens_nothing():
    run(10, 11, 5)

    assert ServiceSpan.objects.get().ended_at == at(11)


def test_the_clock_notes_it():
    tasks.note_that_it_is_open.call_local()

    assert ServiceSpan.objects.exists()
