"""How long cases wait for their next entry, counted from what courts have recorded."""

import datetime as dt
import random
from itertools import count

import pytest
from django.utils import timezone

from cpor_cases import tasks
from cpor_cases.actions import waiting_times
from cpor_cases.models import Case, ProgressEntry, WaitingTime
from cpor_core.models import Category
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now()
MANY = waiting_times.LEAST_CASES
_serial = count(1)


def days_ago(days: float) -> dt.datetime:
    return timezone.localtime(NOW).replace(hour=9) - dt.timedelta(days=days)


@pytest.fixture
def record_each(court):
    """Write one case for each row of steps: pairs of a kind and how many days ago it was recorded."""
    run = factories.make_run()

    def write(rows: list[tuple], *, court=court, category=Category.CIVIL, **over) -> list[Case]:
        facts = {"court": court, "category": category, "year": 115, "word": "訴"} | over
        cases = Case.objects.bulk_create(Case(number=next(_serial), **facts) for _steps in rows)
        kinds = {kind: factories.make_kind(kind) for steps in rows for kind, _days in steps}
        ProgressEntry.objects.bulk_create(
            ProgressEntry(
                case=case,
                court=court,
                entry_id=f"W{next(_serial)}",
                kind=kinds[kind],
                recorded_at=days_ago(days),
                changed_in=run,
            )
            for case, steps in zip(cases, rows, strict=True)
            for kind, days in steps
        )
        return cases

    return write


@pytest.fixture
def record(record_each):
    """Write `times` cases with the same steps."""

    def write(*steps: tuple[str, float], times: int = 1, **over) -> list[Case]:
        return record_each([steps] * times, **over)

    return write


def time_after(kind: str, **over) -> WaitingTime | None:
    """What is told after an entry of this kind, counted anew."""
    waiting_times.refresh(NOW)
    return WaitingTime.objects.filter(kind__code=kind, **over).first()


def test_half_of_the_cases_and_8_of_10_had_their_next_entry_by_then(record_each):
    record_each([(("received", 100), ("judgment", 100 - length)) for length in range(1, 31)])

    time = time_after("received")

    assert (time.cases, time.median_days, time.p80_days) == (30, 15, 24)
    assert time_after("judgment") is None  # nobody has seen yet what comes after it


def test_of_fewer_cases_nothing_is_told(record):
    record(("received", 100), ("judgment", 90), times=MANY - 1)
    assert time_after("received") is None

    record(("received", 100), ("judgment", 90))
    assert time_after("received").cases == MANY


def test_many_entries_of_one_case_are_one_case(record):
    record(*(("hearing_set", 2 * each + 1) for each in range(MANY)), ("judgment", 0))

    assert time_after("hearing_set") is None


def test_courts_and_categories_are_counted_apart(record, court, other_court):
    for where, category, length in (
        (court, Category.CIVIL, 3),
        (court, Category.CRIMINAL, 5),
        (other_court, Category.CIVIL, 8),
    ):
        entries = (("received", 50), ("judgment", 50 - length))
        record(*entries, times=MANY, court=where, category=category)

    assert waiting_times.refresh(NOW) == 3
    found = WaitingTime.objects.values_list("court", "category", "median_days")
    assert set(found) == {
        (court.pk, "civil", 3),
        (court.pk, "criminal", 5),
        (other_court.pk, "civil", 8),
    }


def test_who_still_waits_counts_as_waiting_at_least_so_long(record):
    record(("received", 90), ("judgment", 80), times=MANY)
    record(("received", 90), times=MANY)
    record(("received", 0))

    time = time_after("received")

    assert (time.median_days, time.p80_days) == (10, None)


def test_what_the_last_few_waited_for_is_not_told(record):
    """That of one case would be its own, and no measure for any other."""
    record(("received", 90), ("judgment", 49))
    record(("received", 3), times=MANY)
    assert time_after("received") is None

    record(("received", 90), ("judgment", 49), times=waiting_times.LEAST_LEFT - 1)
    assert time_after("received").median_days == 41


def test_a_court_that_is_silent_now_has_not_kept_anybody_waiting_since(record):
    """What happened there after its last entry nobody knows."""
    record(("received", 390), ("judgment", 387), times=MANY)
    record(("received", 388), times=5 * MANY)

    assert time_after("received").p80_days == 3


def test_several_entries_of_a_day_are_one_step(record):
    record(("received", 50), ("assigned", 50), ("judgment", 43), times=MANY)

    assert time_after("received") is None
    assert time_after("assigned").median_days == 7


def test_the_day_is_that_of_taipei(record):
    """A quarter past midnight in Taipei is still the day before in Greenwich."""
    record(("received", 50), ("judgment", 48), times=MANY)
    midnight = days_ago(50).replace(hour=0, minute=15)
    ProgressEntry.objects.filter(kind__code="received").update(recorded_at=midnight)

    assert time_after("received").median_days == 2


def test_the_courts_own_dates_count_not_when_they_reached_us(record):
    record(("judgment", 40), ("received", 50), times=MANY)
    ProgressEntry.objects.filter(kind__code="judgment").update(first_seen_at=days_ago(60))
    ProgressEntry.objects.filter(kind__code="received").update(first_seen_at=days_ago(1))

    assert time_after("received").median_days == 10


def test_what_was_corrected_counts_as_it_reads_now(record):
    record(("received", 50), ("judgment", 40), times=MANY)
    assert time_after("received").median_days == 10

    ProgressEntry.objects.filter(kind__code="judgment").update(recorded_at=days_ago(30), corrected_at=NOW)

    assert time_after("received").median_days == 20


@pytest.mark.parametrize(
    "state",
    [
        {"withdrawn_at": NOW},
        {"held_until": NOW + dt.timedelta(minutes=5)},
        {"recorded_at": NOW + dt.timedelta(days=3)},
    ],
    ids=["withdrawn", "on hold", "dated ahead"],
)
def test_what_nobody_reads_as_having_happened_ends_no_wait(record, state):
    record(("received", 50), ("assigned", 45), ("judgment", 40), times=MANY)

    ProgressEntry.objects.filter(kind__code="assigned").update(**state)

    assert time_after("received").median_days == 10
    assert time_after("assigned") is None


def test_when_all_is_withdrawn_what_was_told_goes(record):
    record(("received", 50), ("judgment", 40), times=MANY)
    assert time_after("received")

    ProgressEntry.objects.update(withdrawn_at=NOW)

    assert time_after("received") is None


def test_after_the_end_of_the_query_nobody_waits(record):
    factories.make_kind("sent_on_appeal", ends_query=True)
    record(("judgment", 50), ("sent_on_appeal", 40), ("file_returned", 20), times=MANY)
    record(("judgment", 90), times=9 * MANY, closed_on=days_ago(90).date())

    assert time_after("judgment").p80_days == 10
    assert time_after("sent_on_appeal") is None


def test_what_two_cases_waited_for_is_the_merged_cases(record, clerk, court):
    """Their entries are one row of steps then."""
    first, second = record(("received", 50), times=2)
    record(("received", 50), ("judgment", 41), times=MANY - 1)
    factories.make_entry(second, "judgment", recorded_at=days_ago(41))

    ProgressEntry.objects.filter(case=second).update(case=first)

    time = time_after("received")
    assert (time.cases, time.median_days) == (MANY, 9)


def test_as_many_queries_for_many_cases_of_a_court_as_for_few(record, monkeypatch, django_assert_num_queries):
    """The courts and the kinds; of each court two for a batch of its cases, and what replaces its rows."""
    monkeypatch.setattr(waiting_times, "CASES_AT_ONCE", 50)
    once, to_replace = 2, 5  # savepoint, select, delete, insert, release
    record(("received", 50), ("judgment", 40), times=40)
    waiting_times.refresh(NOW)

    with django_assert_num_queries(once + 2 + to_replace):
        waiting_times.refresh(NOW)
    record(("received", 50), ("judgment", 40), times=120)
    with django_assert_num_queries(once + 4 * 2 + to_replace):
        waiting_times.refresh(NOW)

    assert WaitingTime.objects.get().cases == 160


def test_no_more_than_some_cases_are_in_memory_at_once(record, court, monkeypatch):
    monkeypatch.setattr(waiting_times, "CASES_AT_ONCE", 7)
    record(("received", 50), times=20)

    assert [len(cases) for cases, _entries in waiting_times._batches(court, NOW)] == [7, 7, 6]


def test_it_is_counted_every_night(record):
    record(("received", 50), ("judgment", 40), times=MANY)

    tasks.refresh_waiting_times.call_local()
    tasks.refresh_waiting_times.call_local()

    assert WaitingTime.objects.count() in {0, 1}  # due at once only after half past two


LENGTHS = {
    "at random": lambda draw: draw.expovariate(1 / 30),
    "a few very long": lambda draw: draw.lognormvariate(3, 0.8),
    "most about the same": lambda draw: draw.gauss(60, 15),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_the_80_percent_line_holds_for_8_of_10_cases_that_were_held_back(record_each, name):
    """The back-test: what is told of 800 cases, some of which still wait, is tried on others."""
    draw = random.Random(name)
    lengths = [max(1, round(LENGTHS[name](draw))) for _each in range(4800)]
    began = [(length, draw.randrange(1, 200)) for length in lengths[:800]]
    record_each(
        [
            (("received", days), ("judgment", days - length)) if length <= days else (("received", days),)
            for length, days in began
        ]
    )

    line = time_after("received").p80_days

    held_back = lengths[800:]
    assert 0.75 <= sum(length <= line for length in held_back) / len(held_back) <= 0.85
