"""A litigant's calendar and downloaded data, and the page without a connection, in a real browser on the running site."""

import datetime as dt
import json
import re
import urllib.error
import urllib.request
import zipfile
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, log_in, value_of
from tests.support.running_site import wait_for

pytestmark = pytest.mark.browser

# A person with two cases; the first has an entry that sets a hearing in ten days at 09:30.
PERSON = """
import datetime as dt
from itertools import count
factories._serial = count({number} * 100)  # apart from the people of other journeys
from allauth.account.models import EmailAddress
from django.utils import timezone
from cpor_core.models import Court
person = factories.make_user("{name}", email="{name}@mail.example", password="{password}")
EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
court = Court.objects.get(code="TPD")
cases = [factories.make_case(court, number=number) for number in ({number}, {number} + 1)]
for case in cases:
    factories.make_access(person, case)
hearing = timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=10)
factories.make_entry(cases[0], "hearing_set", entry_id="OWN-{number}", hearing_at=hearing, courtroom="第 12 法庭")
"""
HEADER = "法院,類別,年度,字別,號,事項序號,日期,進行事項,庭期,法庭"
TAIPEI = ZoneInfo("Asia/Taipei")


def person_of(site, name: str, number: int) -> str:
    site.python(PERSON.format(name=name, number=number, password=PASSWORD))
    return name


def fetch(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def events_at(url: str) -> list:
    status, content = fetch(url)
    assert status == 200
    return Calendar.from_ical(content).events


def test_a_calendar_follows_the_hearings(site, visit, postbox, assert_accessible, tmp_path):
    page = visit("phone")
    log_in(page, person_of(site, "calendar-journey", 8301))
    page.goto("/cases/calendar/")
    assert_accessible(page)
    page.check("[name=title][value=case_number]")
    page.click("button[value=make]")
    assert_accessible(page)
    address = value_of(page, "#calendar-address")
    subscribed = re.sub("^http", "webcal", address)
    expect(page.locator("a[href^='webcal:']")).to_have_attribute("href", subscribed)
    assert address not in str(postbox.wait_for("calendar-journey@mail.example"))

    (event,) = events_at(address)
    day = dt.datetime.now(TAIPEI).date() + dt.timedelta(days=10)
    assert dt.datetime.combine(day, dt.time(9, 30), TAIPEI) == event.DTSTART
    assert event.DTSTART.astimezone(dt.UTC).hour == 1
    assert str(event["SUMMARY"]).endswith("115年度訴字第8301號")

    export = tmp_path / "export.csv"
    moved = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(14, 0))
    row = f"TPD,民事,115,訴,8301,OWN-8301,115/09/30,定期,{moved:%Y-%m-%dT%H:%M},第 3 法庭"
    export.write_text(f"{HEADER}\n{row}", encoding="utf-8")
    site.manage("import_progress", str(export), "--court", "TPD")
    (after,) = events_at(address)
    assert (after["UID"], after.DTSTART) == (event["UID"], moved.replace(tzinfo=TAIPEI))
    assert after["SEQUENCE"] > event["SEQUENCE"]
    assert "第 3 法庭" in after["LOCATION"]

    page.goto("/cases/calendar/")
    assert_accessible(page)
    assert address not in page.content()
    page.click("button[value=make]")
    renewed = value_of(page, "#calendar-address")
    assert fetch(address)[0] == 404
    assert len(events_at(renewed)) == 1

    page.goto("/cases/calendar/")
    page.click("button[value=switch_off]")
    assert_accessible(page)
    assert fetch(renewed)[0] == 404


def test_one_hearing_is_added_from_the_page_of_its_case(site, visit, assert_accessible):
    page = visit("phone")
    log_in(page, person_of(site, "hearing-journey", 8311))
    page.locator(".case-card h2 a", has_text="8311").click()
    assert_accessible(page)

    with page.expect_download() as download:
        page.locator(".next-hearing a[type='text/calendar']").click()

    (event,) = Calendar.from_ical(download.value.path().read_bytes()).events
    assert "第 12 法庭" in event["LOCATION"]
    assert re.fullmatch(r"庭期-\d{4}-\d{2}-\d{2}\.ics", download.value.suggested_filename)


def test_a_person_takes_the_data_along_leaves_a_case_and_closes_the_account(
    site, visit, postbox, assert_accessible
):
    page, address = visit("phone"), "leaver-journey@mail.example"
    log_in(page, person_of(site, "leaver-journey", 8321))
    page.goto("/accounts/")
    assert_accessible(page)
    page.click("a[href='/accounts/data/']")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    assert_accessible(page)
    with page.expect_download() as download:
        page.click("main form button")
    with zipfile.ZipFile(download.value.path()) as archive:
        cases = json.loads(archive.read("cases.json"))
    assert [case["case"][-12:] for case in cases] == [
        "115年度訴字第8321號"[-12:],
        "115年度訴字第8322號"[-12:],
    ]

    page.goto("/cases/")
    page.locator(".case-card h2 a", has_text="8322").click()
    page.click("a[href$='/leave/']")
    assert_accessible(page)
    page.click("main form button")
    page.wait_for_url("**/cases/")
    expect(page.locator(".case-card h2")).to_have_count(1)
    wait_for(
        lambda: any("8322" in str(mail.get_body(("plain",)).get_content()) for mail in postbox.to(address))
    )

    page.goto("/accounts/close/")
    assert_accessible(page)
    page.check("[name=is_sure]")
    page.click("main form button")
    page.wait_for_url("**/accounts/closed/")
    assert_accessible(page)
    page.goto("/cases/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    log_in(page, "leaver-journey@mail.example")
    expect(page.locator(".error-summary")).to_have_count(1)
    postbox.wait_for(address, count=3)  # of the download, the case left, the closing


def test_without_a_connection_a_page_says_so_and_shows_nothing_of_the_person(site, visit, assert_accessible):
    page = visit("phone")
    log_in(page, person_of(site, "offline-journey", 8331))
    page.wait_for_url("**/cases/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.reload()

    page.context.set_offline(True)
    page.goto("/cases/")
    expect(page.locator("a.button[href='']")).to_have_count(1)
    expect(page.locator("body")).not_to_contain_text("8331")
    assert "offline-journey" not in page.content()
    expect(page.locator(".button")).to_have_css("background-color", "rgb(11, 92, 96)")
    assert_accessible(page)
    page.goto("/en/cases/calendar/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    cached = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(n => caches.open(n).then(c => c.keys()))))"
        ".then(all => all.flat().map(request => new URL(request.url).pathname))"
    )
    assert all(path.endswith("/offline/") or path.startswith("/static/cpor/css/") for path in cached)

    page.context.set_offline(False)
    page.goto("/cases/")
    expect(page.locator("main")).to_contain_text("8331")
    assert page.errors == []
