"""What editors change in a kind of entry holds for the entries of that kind that are there already."""

import datetime as dt

import pytest
from django.utils import timezone

from cpor_core.models import ProgressKind
from tests.factories import make_case, make_entry, make_kind

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)


@pytest.fixture
def case(court):
    """A case with two hearings ahead and an entry of a kind that says nothing of them, so far."""
    case = make_case(court)
    make_entry(case, "hearing_set", hearing_at=in_days(3))
    make_entry(case, "hearing_set", hearing_at=in_days(5))
    make_entry(case, "notice_of_the_court")
    return case


def change(effect: str) -> None:
    kind = make_kind("notice_of_the_court")
    kind.hearing_effect = effect
    kind.save()


def test_a_kind_that_now_calls_off_makes_it_unclear_which_hearing_is_meant(case):
    change("calls_off")

    case.refresh_from_db()
    assert case.unclear_until == in_days(5)


def test_a_kind_that_calls_off_no_more_makes_it_clear_again(case):
    change("calls_off")
    change("none")

    case.refresh_from_db()
    assert case.unclear_until is None


def test_a_case_without_such_an_entry_stays_as_it_is(court):
    other = make_case(court)
    make_entry(other, "hearing_set", hearing_at=in_days(3))
    make_kind("notice_of_the_court")

    change("moves")

    other.refresh_from_db()
    assert other.unclear_until is None


def test_another_change_of_a_kind_goes_through_no_case(case, django_assert_num_queries):
    kind = ProgressKind.objects.get(code="notice_of_the_court")
    kind.source = "法院公告"

    with django_assert_num_queries(2):  # what it was, and the change
        kind.save()
