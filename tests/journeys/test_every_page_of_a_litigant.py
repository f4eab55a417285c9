"""Every page of a litigant, empty, with real content and with 300 cases; and a log-in that runs out while somebody types."""

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, SIZES, log_in
from tests.support.people import make_person

# Three hundred accesses and entries of many days, which no action made and no mail told of: the self-check finds them.
PLANTS_ROWS_OF_NO_ACTION = True
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

# Pages that every person has, with a case or without
ALIKE = [
    "/cases/",
    "/cases/?q=nothing-of-the-kind",
    "/cases/?state=ending&order=hearing",
    "/cases/settings/",
    "/cases/mails/",
    "/cases/calendar/",
    "/accounts/",
    "/accounts/sessions/",
    "/accounts/2fa/",
]
# A case with all that its page can show: news, a correction, a withdrawal, a hearing, a countdown, a name and a note
FULL = """
import datetime as dt
from django.utils import timezone
from cpor_cases.models import CaseAccess, OutgoingMail
right = CaseAccess.objects.select_related("case").filter(account__username="{name}").latest("pk")
right.own_name, right.note = "房東案", "星期三打電話"
right.granted_at = timezone.now() - dt.timedelta(days=40)
right.save()
case, now = right.case, timezone.now()
case.division, case.cause, case.closed_on = "孝", "返還借款", timezone.localdate()
case.save()
def entry(kind, days, **facts):
    factories.make_entry(case, kind, recorded_at=now - dt.timedelta(days=days), **facts)
entry("received", 30, first_seen_at=now - dt.timedelta(days=30), withdrawn_at=now - dt.timedelta(days=1))
entry("assigned", 20, first_seen_at=now - dt.timedelta(days=20), corrected_at=now - dt.timedelta(days=2))
entry("judgment", 3, detail="原告之訴駁回")
entry("hearing_set", 1, hearing_at=now + dt.timedelta(days=9), courtroom="第 12 法庭")
mail = dict(account=right.account, address=right.account.email, court=case.court, access=right, kind="case_added")
OutgoingMail.objects.create(state="failed", ended_at=now, last_answer="550 5.1.1 no such user", **mail)
later = now + dt.timedelta(hours=2)
OutgoingMail.objects.create(
    state="waiting", attempts=3, last_answer="451 4.3.0 try later", next_attempt_at=later, not_before=later, **mail
)
print(case.public_id)
"""
MANY = """
from django.utils import timezone
from cpor_cases.models import Case, CaseAccess, OutgoingMail
known = CaseAccess.objects.get(account__username="{name}")
cases = [Case(court=known.case.court, category="civil", year=114, word="訴", number=n) for n in range(1, 300)]
rights = [
    CaseAccess(account=known.account, case=case, application=known.application, mail_preference="none")
    for case in Case.objects.bulk_create(cases)
]
for right in CaseAccess.objects.bulk_create(rights):
    OutgoingMail.objects.create(
        kind="case_added", account=right.account, address=right.account.email, court=right.case.court,
        access=right, state="sent", ended_at=timezone.now(), last_answer="250",
    )
"""


def case_of(site, name) -> str:
    return site.python(FULL.format(name=name)).strip().splitlines()[-1]


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_with_real_content(site, visit, assert_accessible, language):
    number = 8501 + bool(language)
    name = f"pages-journey-{number}"
    make_person(site, name, first=number)
    case = case_of(site, name)
    page = visit("phone")
    log_in(page, name, to="/cases/")
    of_case = [f"/cases/{case}/sheet/", f"/cases/{case}/leave/", f"/cases/{case}/"]
    for path in ["/cases/", "/cases/mails/", "/cases/settings/", *of_case]:
        assert page.goto(language + path).ok, path
        assert_accessible(page)
    expect(page.locator("details.meaning p").first).to_be_visible()
    page.goto(f"{language}/cases/{case}/sheet/")
    assert len(pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))) == 1, (
        "the sheet is one sheet of paper"
    )
    page.go_back()
    page.locator("details.meaning summary").last.click()
    expect(page.locator("details.meaning p").last).to_be_visible()
    assert_accessible(page)


def test_every_page_of_a_person_without_a_case(site, visit, assert_accessible):
    site.python(f"factories.make_user('empty-journey', password='{PASSWORD}')")
    page = visit("phone")
    log_in(page, "empty-journey", to="/cases/")
    for path in ALIKE:
        assert page.goto(path).ok, path
        assert_accessible(page)


def test_a_lawyer_finds_one_of_three_hundred(site, visit, assert_accessible):
    make_person(site, "lawyer-journey", first=8511)
    case = case_of(site, "lawyer-journey")
    site.python(MANY.format(name="lawyer-journey"))
    page = visit("phone")
    log_in(page, "lawyer-journey", to="/cases/")
    expect(page.locator("#all")).to_contain_text("300")
    expect(page.locator(".case-row")).to_have_count(20)
    assert page.evaluate("document.documentElement.scrollHeight") < 10_000
    for path in [*ALIKE, "/cases/?page=15", "/cases/?q=114訴2&page=2", "/cases/mails/?page=2"]:
        assert page.goto(path).ok, path
        assert_accessible(page)
    expect(page.locator(".mail-list > li")).to_have_count(20)

    page.goto("/cases/")
    page.fill("#filter-q", "房東")
    page.keyboard.press("Enter")
    expect(page.locator(".case-row")).to_have_count(1)
    page.click(".case-row h3 a")
    page.wait_for_url(f"**/cases/{case}/")
    page.go_back()
    expect(page.locator("#filter-q")).to_have_value("房東")


def test_a_log_in_that_runs_out_warns_goes_on_by_a_key_and_loses_nothing_typed(
    site, visit, assert_accessible
):
    make_person(site, "idle-journey", first=8521)
    page = visit("phone")
    log_in(page, "idle-journey", to="/cases/")
    page.clock.install()
    page.goto("/cases/")
    page.locator(".case-card h2 a").click()
    page.click(".case-fold:has(#own-words) summary")
    page.fill("[name=note]", "打到一半")
    page.wait_for_load_state()  # the script that counts the minutes has begun

    page.clock.fast_forward("28:05")
    expect(page.locator(".idle")).to_be_visible()
    assert_accessible(page)
    with page.expect_response("**/accounts/go-on/") as answer:
        page.keyboard.press("Shift")
    assert answer.value.status == 204
    expect(page.locator(".idle")).to_have_count(0)
    page.clock.fast_forward("05:00")
    expect(page.locator(".idle")).to_have_count(0)

    page.context.clear_cookies()  # by the server's clock it has ended
    page.clock.fast_forward("31:00")
    page.wait_for_url("**/accounts/login/**")
    page.fill("[name=login]", "idle-journey")
    page.fill("[name=password]", PASSWORD)
    page.click("main form.narrow button[type=submit]")
    page.wait_for_selector("#own-words")
    expect(page.locator("[name=note]")).to_have_value("打到一半")


def test_nothing_of_it_needs_javascript(site, browser):
    make_person(site, "plain-journey", first=8531, cases=4)
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=SIZES["phone"])
    page = context.new_page()
    page.goto("/accounts/login/")
    expect(page.locator("main button:visible")).to_have_text(["登入", "忘記密碼或帳號"])
    log_in(page, "plain-journey", to="/cases/")

    page.fill("#filter-q", "8532")
    page.click(".case-search button")
    page.click(".case-row h3 a")
    page.click(".case-fold:has(#own-words) summary")
    page.fill("[name=note]", "沒有程式也寫得下來")
    page.click("form[action$='#own-words'] button")
    expect(page.locator(".notice--success")).to_have_count(1)
    expect(page.locator("[name=note]")).to_have_value("沒有程式也寫得下來")
    page.goto("/cases/calendar/")
    page.click("button[value=make]")
    expect(page.locator("#calendar-address")).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_hidden()
    context.close()
