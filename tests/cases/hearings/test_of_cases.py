"""The hearings of cases on record, many at once, wherever a page, a list or a mail asks for them."""

import datetime as dt

import pytest
from django.utils import timezone

from cpor_cases.hearings.of_cases import next_of_cases, of_cases, on_day, still_naming
from cpor_cases.models import ProgressEntry
from tests.factories import make_case, make_entry

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)


@pytest.fixture
def cases(court):
    """One with a hearing moved, one with one of two called off, one as it was set, one without any."""
    moved, called_off, plain, none = (make_case(court) for _each in range(4))
    for case in (moved, called_off, plain):
        make_entry(case, "hearing_set", hearing_at=in_days(5), recorded_at=in_days(-3))
    make_entry(moved, "hearing_changed", hearing_at=in_days(9))
    make_entry(called_off, "hearing_set", hearing_at=in_days(7), recorded_at=in_days(-3))
    make_entry(called_off, "hearing_cancelled", hearing_at=in_days(5))
    make_entry(none)
    return moved, called_off, plain, none


def test_many_cases_are_one_query(cases, django_assert_num_queries):
    moved, called_off, plain, none = cases

    with django_assert_num_queries(1):
        found = of_cases([case.pk for case in cases])
    with django_assert_num_queries(1):
        coming = next_of_cases([case.pk for case in cases])

    assert [hearing.at for hearing in found[moved.pk].hearings] == [in_days(9)]
    assert {case: hearing.at for case, hearing in coming.items()} == {
        moved.pk: in_days(9),
        called_off.pk: in_days(7),
        plain.pk: in_days(5),
    }
    assert none.pk not in found


def test_hearings_of_a_day_are_one_each_however_many_entries_name_them(court, django_assert_num_queries):
    plain, named_twice, two, moved_here, moved_away, called_off = (make_case(court) for _each in range(6))
    early, late = in_days(1).replace(hour=9), in_days(1).replace(hour=15)
    before = {"recorded_at": in_days(-3)}
    make_entry(plain, "hearing_set", hearing_at=early, courtroom="第一法庭")
    make_entry(named_twice, "hearing_set", hearing_at=early, **before)
    make_entry(named_twice, "oral_argument", hearing_at=early)
    for at in (early, late):
        make_entry(two, "hearing_set", hearing_at=at, **before)
    make_entry(moved_here, "hearing_set", hearing_at=in_days(5), **before)
    make_entry(moved_here, "hearing_changed", hearing_at=late, courtroom="第二法庭")
    make_entry(moved_away, "hearing_set", hearing_at=early, **before)
    make_entry(moved_away, "hearing_changed", hearing_at=in_days(5))
    make_entry(called_off, "hearing_set", hearing_at=early, **before)
    make_entry(called_off, "hearing_cancelled")
    make_entry(make_case(court), "hearing_set", hearing_at=in_days(2))

    with django_assert_num_queries(2):
        found = on_day(ProgressEntry.objects.all(), timezone.localdate(in_days(1)))

    assert [(case, hearing.at, hearing.courtroom) for case, hearing in found] == [
        (plain.pk, early, "第一法庭"),
        (named_twice.pk, early, ""),
        (two.pk, early, ""),
        (two.pk, late, ""),
        (moved_here.pk, late, "第二法庭"),
    ]


def test_entries_still_name_a_hearing_only_where_there_is_one(cases):
    moved, called_off, plain, _none = cases

    named = still_naming(ProgressEntry.objects.all()).order_by("hearing_at", "pk")

    assert list(named.values_list("case", "hearing_at")) == [
        (plain.pk, in_days(5)),
        (called_off.pk, in_days(7)),
        (moved.pk, in_days(9)),
    ]


def test_what_is_on_hold_changes_no_hearing(cases):
    *_others, plain, _none = cases
    later = timezone.now() + dt.timedelta(minutes=5)
    make_entry(plain, "hearing_cancelled", hearing_at=in_days(5), held_until=later)

    assert [hearing.stands for hearing in of_cases([plain.pk])[plain.pk].hearings] == [True]
