"""The pages of a person's cases."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import access
from cpor_cases.models import CaseAccess, CourtLogEntry
from tests import factories

pytestmark = pytest.mark.django_db

CASES = reverse("cpor_cases:cases")


def page_of(case):
    return reverse("cpor_cases:case", args=[case.public_id])


def test_without_log_in_the_pages_lead_to_it(client):
    case = factories.make_case()

    for url in (CASES, page_of(case), reverse("cpor_cases:settings")):
        assert client.get(url).headers["Location"].startswith("/accounts/login/")


def test_a_case_shows_court_number_division_cause_and_both_calendars(client, litigant, court):
    case = factories.make_case(court, number=123, division="孝", cause="返還借款")
    factories.make_access(litigant, case)
    moment = timezone.make_aware(dt.datetime(2026, 9, 24, 9, 30))
    factories.make_entry(case, recorded_at=moment, kind="judgment", hearing_at=moment, courtroom="第 12 法庭")
    client.force_login(litigant)

    for url in (CASES, page_of(case)):
        text = client.get(url).content.decode()
        for words in (
            "臺灣臺北地方法院",
            "115年度訴字第123號",
            "孝股",
            "返還借款",
            "民國 115 年 9 月 24 日",
            "2026-09-24",
        ):
            assert words in text
        assert "第 12 法庭" in text


@pytest.fixture
def cases_not_ones_own(litigant, other_litigant, clerk, court):
    """Somebody else's case, one whose access was revoked, and one whose period is over."""
    revoked = factories.make_access(litigant, factories.make_case(court))
    access.revoke(access=revoked, by=clerk)
    ended = factories.make_access(litigant, factories.make_case(court, closed_on=dt.date(2020, 1, 1)))
    return [factories.make_access(other_litigant).case, revoked.case, ended.case]


def test_anothers_a_revoked_and_an_ended_case_are_alike_not_there(client, litigant, cases_not_ones_own):
    client.force_login(litigant)

    for case in cases_not_ones_own:
        assert client.get(page_of(case)).status_code == 404
        assert client.get(CASES, {"case": case.public_id}).status_code == 404
        assert str(case.full_number) not in client.get(CASES).content.decode()
        assert str(case.full_number) not in client.get(reverse("cpor_cases:settings")).content.decode()


@pytest.mark.parametrize("nonsense", ["x", "'", "0" * 32])
def test_nonsense_in_the_choice_of_a_case_is_not_found(client, litigant, nonsense):
    client.force_login(litigant)

    assert client.get(CASES, {"case": nonsense}).status_code == 404


def test_the_choice_leads_to_one_case_and_back_to_all(client, litigant):
    case = factories.make_access(litigant).case
    client.force_login(litigant)

    assert client.get(CASES, {"case": case.public_id}).headers["Location"] == page_of(case)
    assert client.get(CASES, {"case": ""}).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_number_of_cases(client, litigant):
    client.force_login(litigant)
    client.get(CASES)  # what is read once and kept
    counts = []

    for _round in range(2):
        for _each in range(8):
            factories.make_entry(factories.make_access(litigant).case)
        with CaptureQueriesContext(connection) as queries:
            client.get(CASES)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_person_without_a_case_is_told_what_to_do(client, litigant):
    client.force_login(litigant)

    assert "如何聲請" in client.get(CASES).content.decode()


def test_what_came_since_the_last_view_is_marked_by_a_word(client, litigant):
    right = factories.make_access(litigant)
    client.force_login(litigant)
    first = client.get(page_of(right.case)).content.decode()

    factories.make_entry(right.case)
    second = client.get(page_of(right.case)).content.decode()
    third = client.get(page_of(right.case)).content.decode()

    assert ["tag--new" in text for text in (first, second, third)] == [False, True, False]


def test_every_view_is_on_record(client, litigant):
    case = factories.make_access(litigant).case
    client.force_login(litigant)

    client.get(CASES)
    client.get(page_of(case))

    views = CourtLogEntry.objects.filter(action="cpor_cases.case.view", user_id=litigant.pk)
    assert [entry.object_id for entry in views] == [str(case.pk)] * 2
    assert CaseAccess.objects.get().last_seen_at is not None


def test_the_last_day_stands_on_the_page_once_the_countdown_runs(client, litigant):
    today = timezone.localdate()
    case = factories.make_access(litigant, factories.make_case(closed_on=today)).case
    client.force_login(litigant)

    assert f"{case.last_query_day:%Y-%m-%d}" in client.get(page_of(case)).content.decode()


def test_a_withdrawal_is_mentioned_for_a_while(client, litigant):
    case = factories.make_access(litigant).case
    lately = timezone.now() - dt.timedelta(days=1)
    factories.make_entry(case, first_seen_at=lately - dt.timedelta(days=1), withdrawn_at=lately)
    client.force_login(litigant)

    assert "撤銷一筆" in client.get(page_of(case)).content.decode()


def test_no_browser_caches_the_pages(client, litigant):
    case = factories.make_access(litigant).case
    client.force_login(litigant)

    for url in (CASES, page_of(case), reverse("cpor_cases:settings")):
        assert "no-store" in client.get(url).headers["Cache-Control"]
