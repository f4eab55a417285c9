"""Rule 2: access ends by revocation, or two months after an entry that ends the query."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cpor_cases.actions import access
from cpor_cases.actions.imports import import_rows
from cpor_cases.models import CaseAccess, ImportRun, OutgoingMail
from cpor_core.roc_dates import earliest_start_still_running, last_day_after_months
from tests import factories

pytestmark = pytest.mark.django_db


def take(*rows):
    run = import_rows(enumerate(rows, start=2), source=ImportRun.Source.COMMAND)
    assert run.rows_rejected == 0, list(run.rejected_rows.values_list("reason", flat=True))
    return run


def at(day: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(f"{day}T12:00"))


@pytest.fixture
def kinds(db):
    factories.make_kind("archived", ends_query=True)
    factories.make_kind("sent_on_appeal", ends_query=True)
    factories.make_kind("remanded", resumes_query=True)
    factories.make_kind("judgment")


@pytest.fixture
def case(court, kinds):
    factories.make_word("訴")
    return factories.make_case(court, year=109)


def test_a_revoked_access_shows_nothing(clerk, litigant, case):
    right = factories.make_access(litigant, case)

    access.revoke(access=right, by=clerk)

    assert not CaseAccess.objects.visible_to(litigant).exists()


@pytest.mark.parametrize(
    ("recorded", "last_day"),
    [
        ("2026-09-24", "2026-11-24"),
        ("2025-12-31", "2026-02-28"),
        ("2023-12-31", "2024-02-29"),
        ("2026-02-28", "2026-04-28"),
    ],
)
def test_the_case_is_shown_until_the_last_day_and_no_longer(litigant, case, recorded, last_day):
    factories.make_access(litigant, case)
    take(factories.row(case, kind="archived", recorded_at=recorded))
    case.refresh_from_db()
    day_after = (dt.date.fromisoformat(last_day) + dt.timedelta(days=1)).isoformat()

    assert case.last_query_day == dt.date.fromisoformat(last_day)
    assert CaseAccess.objects.visible_to(litigant, at=at(last_day)).exists()
    assert not CaseAccess.objects.visible_to(litigant, at=at(day_after)).exists()


def test_the_earliest_of_several_endings_counts(case):
    take(
        factories.row(case, kind="archived", recorded_at="2026-10-20"),
        factories.row(case, kind="sent_on_appeal", recorded_at="2026-09-24"),
    )

    case.refresh_from_db()
    assert case.closed_on == dt.date(2026, 9, 24)


def test_a_judgment_does_not_end_the_query(case):
    take(factories.row(case, kind="judgment"))

    case.refresh_from_db()
    assert case.closed_on is None


def test_the_countdown_stops_when_the_entry_is_withdrawn(case):
    ending = factories.row(case, kind="archived")
    take(ending)

    take(ending | {"withdrawn": "1"})

    case.refresh_from_db()
    assert case.closed_on is None


def test_the_countdown_stops_when_the_file_returns_and_a_later_ending_starts_it_anew(case):
    take(
        factories.row(case, kind="sent_on_appeal", recorded_at="2026-09-01"),
        factories.row(case, kind="remanded", recorded_at="2026-10-01"),
    )
    case.refresh_from_db()
    assert case.closed_on is None

    take(factories.row(case, kind="archived", recorded_at="2026-11-01"))
    case.refresh_from_db()
    assert case.closed_on == dt.date(2026, 11, 1)


def test_nobody_is_mailed_about_a_case_whose_period_is_over(litigant, case):
    factories.make_access(litigant, case)
    take(factories.row(case, kind="archived", recorded_at="2020-01-01"))

    take(factories.row(case, kind="judgment"))

    assert not OutgoingMail.objects.filter(kind=OutgoingMail.Kind.PROGRESS).exists()


def test_nobody_is_mailed_whose_access_was_revoked(clerk, litigant, case):
    access.revoke(access=factories.make_access(litigant, case), by=clerk)

    take(factories.row(case))

    assert not OutgoingMail.objects.exists()


@given(start=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), days=st.integers(-5, 70))
def test_the_database_and_the_page_agree_on_the_last_day(start, days):
    today = start + dt.timedelta(days=days)

    is_running = start >= earliest_start_still_running(today, months=2)

    assert is_running == (last_day_after_months(start, months=2) >= today)
