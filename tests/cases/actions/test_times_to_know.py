"""How long until people knew: counted from the mails by kind, court and month, and kept when the mails are gone."""

import datetime as dt
import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cpor_cases import tasks
from cpor_cases.actions import times_to_know
from cpor_cases.models import OutgoingMail, TimeToKnow
from cpor_cases.models.times_to_know import LIMITS, Times, measured
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.make_aware(dt.datetime(2026, 11, 20, 2, 15))
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


def at(day: int, month: int = 11) -> dt.datetime:
    return timezone.make_aware(dt.datetime(2026, month, day, 9))


TENTH = at(10)


@pytest.fixture
def told(litigant, court):
    """Write mails that were accepted `at` a moment and taken some seconds later; None: they have not been."""

    def write(*seconds: float | None, accepted_at=TENTH, court=court, kind="progress", state="waiting"):
        OutgoingMail.objects.bulk_create(
            OutgoingMail(
                kind=kind,
                account=litigant,
                court=court,
                accepted_at=accepted_at,
                taken_at=None if took is None else accepted_at + dt.timedelta(seconds=took),
                state=state if took is None else "sent",
                ended_at=None if took is None and state in ("waiting", "stopped") else NOW,
            )
            for took in seconds
        )

    return write


def in_november(now=NOW):
    return measured(at(1), at(1, 12), now)


def test_times_stand_by_kind_and_court(told, court, other_court):
    told(0.05, 0.4)
    told(3, court=other_court)
    told(0.2, court=None, kind="password_reset")

    found = in_november()

    assert {key: times.all for key, times in found.items()} == {
        ("progress", court.pk): 2,
        ("progress", other_court.pk): 1,
        ("password_reset", None): 1,
    }
    assert found["progress", court.pk].within(0.1) == 1
    assert found["progress", court.pk].within(0.5) == 2


@pytest.mark.parametrize("limit", LIMITS)
def test_each_limit_holds_what_took_as_long_and_not_what_took_longer(told, court, limit):
    told(limit - 0.01, limit + 0.01)

    assert in_november()["progress", court.pk].within(limit) == 1


@pytest.mark.parametrize("state", ["waiting", "stopped", "failed"])
def test_what_waits_was_refused_or_is_held_back_counts_as_late(told, court, state):
    told(0.05)
    told(None, state=state)

    times = in_november()["progress", court.pk]

    assert (times.all, times.share_within(60)) == (2, 50)
    assert times.by_when(0.99) == math.inf


def test_what_was_no_longer_needed_does_not_count_nor_what_was_accepted_a_moment_ago(told):
    told(None, state="dropped")
    told(None, accepted_at=NOW - dt.timedelta(seconds=30))

    assert in_november() == {}


def test_a_mail_from_before_the_moments_were_kept_does_not_count(told):
    told(0.1)
    OutgoingMail.objects.update(accepted_at=None)

    assert in_november() == {}


def test_figures_add_up_over_kinds_and_courts():
    times = Times.summed([_counts({0.1: 98}), _counts({10: 1, math.inf: 1})])

    assert times.all == 100
    assert times.share_within(1) == 98
    assert (times.by_when(0.5), times.by_when(0.99), times.by_when(1)) == (0.1, 10, math.inf)
    assert Times.summed([]).by_when(0.5) is Times.summed([]).share_within(10) is None


def _counts(groups: dict) -> list[int]:
    return [groups.get(limit, 0) for limit in (*LIMITS, math.inf)]


def test_each_night_the_months_that_are_not_settled_are_counted_anew(told, court):
    told(0.05, accepted_at=at(30, 10))
    told(0.05)
    times_to_know.refresh(NOW)
    told(7)

    times_to_know.refresh(NOW)

    rows = {row.month: row for row in TimeToKnow.objects.all()}
    assert {month: row.is_closed for month, row in rows.items()} == {OCTOBER: True, NOVEMBER: False}
    assert sum(rows[NOVEMBER].counts) == 2


def test_a_closed_month_stays_when_its_mails_are_gone(told):
    told(0.05, accepted_at=at(5, 10))
    times_to_know.refresh(NOW)
    OutgoingMail.objects.all().delete()

    times_to_know.refresh(NOW)

    assert TimeToKnow.objects.get(month=OCTOBER).counts[0] == 1


def test_a_month_is_open_as_long_as_its_mails_may_still_leave(told):
    told(0.05, accepted_at=at(31, 10))

    times_to_know.refresh(at(2))

    assert not TimeToKnow.objects.get().is_closed


def test_months_in_which_no_worker_ran_are_made_up_for(told):
    told(0.05, accepted_at=at(5, 8))
    told(0.05, accepted_at=at(5, 10))

    times_to_know.refresh(NOW)

    assert list(TimeToKnow.objects.order_by("month").values_list("month", flat=True)) == [
        dt.date(2026, 8, 1),
        OCTOBER,
    ]


def test_the_clock_counts_them(told):
    told(0.05, accepted_at=timezone.now() - dt.timedelta(hours=1))

    tasks.count_times_to_know.call_local()
    # At its first tick a nightly task only notes that it is there.
    times_to_know.refresh()

    assert TimeToKnow.objects.get().counts[0] == 1


def test_a_month_is_one_query_over_its_index_however_many_mails_there_are(told, django_assert_num_queries):
    told(*[0.05] * 300, accepted_at=at(10, 9))
    told(*[0.05] * 20)

    with django_assert_num_queries(1), CaptureQueriesContext(connection) as captured:
        in_november()

    assert "mails_by_acceptance" in plan_of(captured[0]["sql"])


def plan_of(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        return str(cursor.fetchall())


def test_times_of_several_courts_are_added_by_month(told, court, other_court, django_assert_num_queries):
    told(0.05)
    told(7, court=other_court)
    told(0.05, accepted_at=at(3, 10))
    times_to_know.refresh(NOW)

    with django_assert_num_queries(1):
        found = TimeToKnow.objects.between(OCTOBER, NOVEMBER).times_by("month")

    assert {month: (times.all, times.within(1)) for month, times in found.items()} == {
        OCTOBER: (1, 1),
        NOVEMBER: (2, 1),
    }


def test_the_court_alone_is_in_a_row_of_its_own(told, court):
    told(0.05)
    told(0.05, court=None)
    times_to_know.refresh(NOW)

    assert set(TimeToKnow.objects.values_list("court", flat=True)) == {court.pk, None}
    assert str(TimeToKnow.objects.get(court=court)).startswith("2026-11 progress")


def test_a_site_without_mails_has_no_figures():
    factories.make_court()

    assert times_to_know.refresh(NOW) == 1
    assert not TimeToKnow.objects.exists()
