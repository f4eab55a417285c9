"""What editors change in a kind of entry holds for the entries of that kind that are there already."""

import datetime as dt

import pytest
from django.utils import timezone

from cpor_cases.actions import changed_kinds
from cpor_cases.models import ChangedKind
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
    change_kind("notice_of_the_court", hearing_effect=effect)


def change_kind(code: str, **facts) -> None:
    """What an editor saves, and what the worker does then."""
    kind = make_kind(code)
    for name, value in facts.items():
        setattr(kind, name, value)
    kind.save()
    changed_kinds.follow.call_local()


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


def test_a_kind_that_now_ends_online_access_closes_the_cases_with_such_an_entry(court):
    case = make_case(court)
    make_entry(case, "notice_of_the_court", recorded_at=in_days(-9))
    other = make_case(court)

    change_kind("notice_of_the_court", ends_query=True)

    case.refresh_from_db()
    other.refresh_from_db()
    assert case.closed_on == in_days(-9).date()
    assert other.closed_on is None


def test_a_kind_that_ends_it_no_more_opens_them_again(court):
    case = make_case(court)
    make_entry(case, "notice_of_the_court", recorded_at=in_days(-9))
    change_kind("notice_of_the_court", ends_query=True)

    change_kind("notice_of_the_court", ends_query=False)

    case.refresh_from_db()
    assert case.closed_on is None


def test_a_kind_that_now_restores_it_stops_the_countdown(court):
    case = make_case(court)
    make_entry(case, "filed", recorded_at=in_days(-9))
    make_entry(case, "notice_of_the_court", recorded_at=in_days(-5))
    change_kind("filed", ends_query=True)

    change_kind("notice_of_the_court", resumes_query=True)

    case.refresh_from_db()
    assert case.closed_on is None


def test_a_worker_that_dies_leaves_the_rest_to_the_next_one(court, monkeypatch):
    monkeypatch.setattr(changed_kinds, "CASES_AT_ONCE", 2)
    cases = [make_case(court) for _ in range(5)]
    for each in cases:
        make_entry(each, "notice_of_the_court")
    keep, calls = changed_kinds.keep_closing_days, []

    def die_the_second_time(keys):
        calls.append(keys)
        if len(calls) == 2:
            raise ConnectionError
        keep(keys)

    with monkeypatch.context() as patched:
        patched.setattr(changed_kinds, "keep_closing_days", die_the_second_time)
        with pytest.raises(ConnectionError):
            change_kind("notice_of_the_court", ends_query=True)
    changed_kinds.follow.call_local()

    assert [each.closed_on is None for each in type(cases[0]).objects.order_by("pk")] == [False] * 5
    assert not ChangedKind.objects.exists()


def test_a_kind_changed_again_meanwhile_begins_with_the_first_case(court):
    kind = make_kind("notice_of_the_court")
    ChangedKind.objects.create(kind=kind, done_until=99_999)
    case = make_case(court)
    make_entry(case, "notice_of_the_court")

    change_kind("notice_of_the_court", ends_query=True)

    case.refresh_from_db()
    assert case.closed_on


def test_the_worker_is_told_when_the_change_is_committed(court, make_mails_leave):
    case = make_case(court)
    make_entry(case, "notice_of_the_court")
    kind = make_kind("notice_of_the_court")
    kind.ends_query = True

    make_mails_leave(kind.save)

    case.refresh_from_db()
    assert case.closed_on
