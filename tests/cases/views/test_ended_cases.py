"""A case whose query period is over stays listed for 30 days: court, number and why, and no entry (rule 2)."""

import datetime as dt
import json
import re
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cpor_cases.accounts.data_export import archive_of
from cpor_cases.actions import access
from cpor_cases.hearings.of_cases import for_calendar
from cpor_cases.icalendar_feed import calendar_of
from cpor_cases.models import Case, CaseAccess
from tests import factories

pytestmark = pytest.mark.django_db
PREFIX = {"zh-hant": "", "en": "/en"}


def closed_so_that_the_last_day_was(days_ago: int) -> dt.date:
    last = timezone.localdate() - dt.timedelta(days=days_ago)
    days = (last - dt.timedelta(days=days) for days in range(75, 45, -1))
    return next(day for day in days if Case(closed_on=day).last_query_day == last)


@pytest.fixture
def ended(litigant, court):
    """Return how to make a case whose last day was so many days ago; its entries say 保密."""

    def ended(days_ago: int, kind="archived", **over):
        day = closed_so_that_the_last_day_was(days_ago)
        at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
        case = factories.make_case(court, closed_on=day)
        names = {"name_zh": "歸檔", "name_en": "File archived"} | over
        factories.make_kind(kind, ends_query=True, **names)
        factories.make_entry(case, kind, recorded_at=at, detail="保密")
        factories.make_entry(case, "judgment", recorded_at=at, detail="保密")
        return factories.make_access(litigant, case)

    return ended


@pytest.fixture
def page(client, litigant):
    client.force_login(litigant)

    def page(path: str, language="zh-hant", status=200) -> str:
        response = client.get(f"{PREFIX[language]}{path}")
        assert response.status_code == status
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))

    return page


@pytest.mark.parametrize(("days_ago", "is_listed"), [(0, False), (1, True), (30, True), (31, False)])
def test_it_is_listed_from_the_day_after_the_last_one_for_thirty_days(ended, page, days_ago, is_listed):
    right = ended(days_ago)

    text = page("/cases/")

    assert ("已結束查詢的案件" in text) is is_listed
    assert (str(right.case.full_number) in text) is (is_listed or days_ago == 0)
    assert ("保密" in text) is (days_ago == 0)


@pytest.mark.parametrize("language", PREFIX)
def test_the_list_says_why_and_until_when(ended, page, language):
    right = ended(3)
    last = right.case.last_query_day

    text = page("/cases/", language)

    words = {"zh-hant": ("已結束", "歸檔", "最後查詢日："), "en": ("ended", "File archived", "last day:")}
    assert all(word in text for word in words[language])
    assert last.isoformat() in text or f"{last.day} {last:%B} {last.year}" in text


@pytest.mark.parametrize("language", PREFIX)
def test_its_page_says_what_to_do_and_shows_no_entry(ended, page, language):
    right = ended(3)

    text = page(f"/cases/{right.case.public_id}/", language)

    said = {
        "zh-hant": ["本案已無法線上查詢", "結束原因", "歸檔", "請向案卷所在的法院或機關聲請閱卷"],
        "en": ["This case can no longer be viewed online", "File archived", "for file inspection"],
    }
    assert all(each in text for each in said[language])
    assert "保密" not in text
    assert "上級審" not in text


def test_after_an_appeal_it_says_that_the_next_court_needs_a_new_application(ended, page):
    right = ended(3, "sent_on_appeal", stage="remedy", name_zh="送上訴", name_en="Sent on appeal")

    text = page(f"/cases/{right.case.public_id}/")

    assert "送上訴" in text
    assert "請向該法院另行聲請" in text


def test_its_other_pages_show_no_entry_either(ended, page):
    right = ended(3)

    assert "保密" not in page(f"/cases/{right.case.public_id}/sheet/")
    page(f"/cases/{right.case.public_id}/leave/", status=404)


def test_the_page_is_gone_after_thirty_days_and_for_everybody_else(ended, client, other_litigant, page):
    page(f"/cases/{ended(31).case.public_id}/", status=404)
    theirs = ended(3)
    client.force_login(other_litigant)

    page(f"/cases/{theirs.case.public_id}/", status=404)


def test_a_revoked_access_is_not_listed(ended, page, court):
    right = ended(3)
    access.revoke(access=right, by=factories.make_clerk(court))

    assert str(right.case.full_number) not in page("/cases/")


def test_a_case_whose_file_came_back_is_whole_again(ended, page):
    right = ended(3)
    Case.objects.update(closed_on=None)

    text = page("/cases/")

    assert "已結束查詢的案件" not in text
    assert "保密" in page(f"/cases/{right.case.public_id}/")


def test_no_calendar_has_its_hearings(ended, litigant):
    right = ended(3)
    factories.make_entry(right.case, "hearing_set", hearing_at=timezone.now() + dt.timedelta(days=3))

    assert for_calendar(CaseAccess.objects.visible_to(litigant)) == []
    assert b"VEVENT" not in calendar_of(for_calendar(CaseAccess.objects.visible_to(litigant)))


def test_the_download_has_court_number_and_why(ended, litigant):
    right = ended(3)
    ended(31)

    with archive_of(litigant) as file, ZipFile(file) as archive:
        [told] = json.loads(archive.read("ended_cases.json"))
        cases = json.loads(archive.read("cases.json"))

    assert told == {
        "case": str(right.case),
        "reason": "歸檔",
        "closed_on": right.case.closed_on.isoformat(),
        "last_query_day": right.case.last_query_day.isoformat(),
        "listed_until": (timezone.localdate() + dt.timedelta(days=27)).isoformat(),
    }
    assert cases == []


def test_the_list_asks_as_much_for_many_as_for_one(ended, client, litigant, django_assert_max_num_queries):
    client.force_login(litigant)
    ended(3)
    with CaptureQueriesContext(connection) as alone:
        client.get("/cases/")
    for days in (2, 4, 5, 6):
        ended(days)

    with django_assert_max_num_queries(len(alone)):
        client.get("/cases/")


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (
            14,
            {
                "zh-hant": "還有 14 天，最後查詢日：民國",
                "en": "14 days left, last day you can view the case: ",
            },
        ),
        (1, {"zh-hant": "還有 1 天，最後查詢日：民國", "en": "1 day left, last day you can view the case: "}),
        (
            0,
            {
                "zh-hant": "今天是最後一天，最後查詢日：民國",
                "en": "Today is the last day, last day you can view the case: ",
            },
        ),
    ],
)
@pytest.mark.parametrize("language", PREFIX)
def test_the_page_counts_the_days_left(ended, page, days, left, language):
    right = ended(-days)

    with translation.override(language):
        text = page(f"/cases/{right.case.public_id}/", language)

    assert left[language] in text
