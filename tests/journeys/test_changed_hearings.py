"""Hearings that are set, moved and called off by an export and in the office, up to page, sheet, calendar and mail."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, log_in, value_of
from tests.support.people import make_clerk
from tests.support.running_site import wait_for

pytestmark = pytest.mark.browser
TAIPEI = ZoneInfo("Asia/Taipei")
HEADER = "法院,類別,年度,字別,號,事項序號,日期,進行事項,庭期,法庭,原庭期"
NUMBER = 8701
PEOPLE = """
from itertools import count
factories._serial = count({number} * 100)
from allauth.account.models import EmailAddress
from django.utils import timezone
from cpor_core.models import Court
court = Court.objects.get(code="TPD")
case = factories.make_case(court, number={number})
for name, facts in (
    ("moved-zh", {{"mails_show_entry": True}}),
    ("moved-en", {{"mails_show_entry": True, "language": "en"}}),
    ("moved-shy", {{"mail_preference": "digest"}}),
):
    person = factories.make_user(name, email=f"{{name}}@mail.example", password="{password}", **facts)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    person.last_login = timezone.now()
    person.save()
    factories.make_access(person, case)
"""


def in_days(days: int) -> dt.datetime:
    day = dt.datetime.now(TAIPEI).date() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(9, 30), TAIPEI)


@pytest.fixture
def send(site, tmp_path):
    def send(number: int, kind: str, at: str = "", moved_from: str = "", case: int = NUMBER) -> str:
        export = tmp_path / f"{number}.csv"
        today = dt.datetime.now(TAIPEI).date()
        row = f"TPD,民事,115,訴,{case},MOVE-{number},{today},{kind},{at},第 12 法庭,{moved_from}"
        export.write_text(f"{HEADER}\n{row}", encoding="utf-8")
        return site.manage("import_progress", str(export), "--court", "TPD")

    return send


def as_sent(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def events_at(page, address: str) -> dict:
    events = Calendar.from_ical(page.request.get(address).body()).events
    return {event.DTSTART: event for event in events}


def struck(page) -> str:
    return " ".join(page.locator(".next-hearing del").all_inner_texts())


def test_a_hearing_is_set_moved_and_called_off_and_no_other_with_it(
    site, visit, postbox, send, assert_accessible
):
    site.python(PEOPLE.format(number=NUMBER, password=PASSWORD))
    first, second, moved = in_days(3), in_days(9), in_days(20)
    send(1, "定期", as_sent(first))
    send(2, "定期", as_sent(second))

    page = visit("phone")
    log_in(page, "moved-zh")
    page.goto("/cases/calendar/")
    page.click("button[value=make]")
    address = value_of(page, "#calendar-address")
    before = events_at(page, address)
    assert set(before) == {first, second}

    send(3, "改期", as_sent(moved), as_sent(first))
    after = events_at(page, address)
    assert set(after) == {second, moved}
    assert after[moved]["UID"] == before[first]["UID"]
    assert after[moved]["SEQUENCE"] > before[first]["SEQUENCE"]
    page.goto("/cases/")
    page.locator(".case-card h2 a", has_text=str(NUMBER)).click()
    expect(page.locator(".next-hearing__when")).to_contain_text(f"{second:%Y-%m-%d}")
    assert f"{first:%Y-%m-%d}" in struck(page)
    expect(page.locator(".timeline li").first).to_contain_text("改期")
    assert_accessible(page)

    send(4, "取消庭期", as_sent(second))
    last = events_at(page, address)
    assert (last[second]["STATUS"], last[moved]["STATUS"]) == ("CANCELLED", "CONFIRMED")
    page.reload()
    expect(page.locator(".next-hearing__when")).to_contain_text(f"{moved:%Y-%m-%d}")
    assert f"{second:%Y-%m-%d}" in struck(page)
    page.goto(page.url + "sheet/")
    assert f"{second:%Y-%m-%d}" in struck(page)
    expect(page.locator("article")).to_contain_text("取消庭期")

    def subjects(name: str) -> list[str]:
        return [str(each["Subject"]) for each in postbox.to(f"{name}@mail.example")]

    wait_for(lambda: "取消庭期通知" in subjects("moved-zh"))
    wait_for(lambda: "Hearing called off" in subjects("moved-en"))
    assert {"改期通知"} <= set(subjects("moved-zh"))
    assert {"Hearing moved"} <= set(subjects("moved-en"))
    # The digest waits for its hour; the move of a hearing in three days does not.
    wait_for(lambda: "您的案件庭期有異動" in subjects("moved-shy"))
    assert not any(str(NUMBER) in subject for subject in subjects("moved-shy"))


def test_a_clerk_calls_off_one_of_two_hearings_and_says_which_one_an_export_meant(
    site, visit, send, postbox, assert_accessible
):
    site.python(PEOPLE.format(number=NUMBER + 1, password=PASSWORD).replace("moved-", "office-"))
    days = {number: in_days(days) for number, days in ((11, 30), (12, 33), (13, 36))}
    for number, at in days.items():
        send(number, "定期", as_sent(at), case=NUMBER + 1)
    page = visit("desktop")
    log_in(page, make_clerk(site, "clerk-of-hearings"))

    key = site.python(
        f"from cpor_cases.models import Case\nprint(Case.objects.get(number={NUMBER + 1}).pk)"
    ).strip()
    page.goto(f"/office/cases/{key}/entries/new/")
    page.fill("[name=kind]", "取消庭期")
    page.locator("[data-office-which] label", has_text=f"{days[11]:%Y-%m-%d}").click()
    assert_accessible(page)
    page.click("main form button[type=submit]")
    page.click("form[action$='/publish/'] button")
    expect(page.locator("main table del", has_text=f"{days[11]:%Y-%m-%d}").first).to_be_visible()

    report = send(14, "取消庭期", case=NUMBER + 1)
    assert "現有數次庭期" in report or "several stand" in report
    page.goto("/office/")
    page.locator("section", has_text="改期或取消的是哪一次庭期？").get_by_role("link").first.click()
    page.locator("label", has_text=f"{days[13]:%Y-%m-%d}").click()
    assert_accessible(page)
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("已指定庭期")

    reader = visit("phone")
    log_in(reader, "office-zh")
    reader.locator(".case-card h2 a", has_text=str(NUMBER + 1)).click()
    expect(reader.locator(".next-hearing__when")).to_contain_text(f"{days[12]:%Y-%m-%d}")
    assert {f"{days[11]:%Y-%m-%d}", f"{days[13]:%Y-%m-%d}"} <= set(
        re.findall(r"\d{4}-\d\d-\d\d", struck(reader))
    )
    wait_for(lambda: len(postbox.to("office-en@mail.example")) >= 6)
