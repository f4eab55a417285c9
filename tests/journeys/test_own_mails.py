"""The mails of a litigant: chosen on a phone, listed, resumed after a bounce; and all of it by keyboard."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, log_in
from tests.support.people import make_person
from tests.support.running_site import wait_for

pytestmark = pytest.mark.browser

NEWS = """
import datetime as dt
from django.db import transaction
from django.utils import timezone
from cpor_cases.actions.imports import import_rows
from cpor_cases.models import Announcement, Case, ImportRun
ago = timezone.now() - dt.timedelta(days={days_ago})
with transaction.atomic():
    for case in Case.objects.filter(court__code="TPD", number__in={numbers}):
        run = import_rows(enumerate([factories.row(case, kind="判決")], start=2), source="command")
        ImportRun.objects.filter(pk=run.pk).update(started_at=ago, heartbeat_at=ago, ended_at=ago)
        Announcement.objects.filter(run=run).update(announced_at=ago)
"""


def bring_news(site, *numbers, days_ago=0) -> None:
    """Let an import of each case bring news, all at once: the worker may write its mail of the day at any moment."""
    site.python(NEWS.format(numbers=numbers, days_ago=days_ago))


def test_one_mail_a_day_is_chosen_comes_and_is_stopped_by_one_click(site, visit, postbox, assert_accessible):
    address = make_person(site, "digest-journey", first=8401, cases=2)
    page = visit("phone")
    log_in(page, "digest-journey", to="/cases/")
    page.goto("/cases/settings/")
    assert_accessible(page)
    page.check("[name=mail_preference][value=digest]")
    page.select_option("[name=digest_hour]", str((timezone.localtime().hour + 12) % 24))  # not meanwhile
    page.click("main button:has-text('儲存')")
    page.wait_for_selector(".notice--success")
    assert_accessible(page)

    bring_news(site, 8401, 8402)
    page.goto("/cases/mails/")
    listed = page.locator(".mail-list > li")
    expect(listed).to_have_count(2)  # the cases were added; the news waits for its hour
    assert_accessible(page)
    bring_news(site, 8401, 8402, days_ago=2)
    site.manage("deliver_mail")

    mail = postbox.wait_for(address)
    text = mail.get_body(("plain",)).get_content()
    assert "115年度訴字第8401號" in text
    assert "115年度訴字第8402號" in text
    assert len(postbox.to(address)) == 1
    page.reload()
    expect(listed).to_have_count(3)
    expect(listed.first).to_contain_text("8401")
    expect(listed.first).to_contain_text("8402")
    assert_accessible(page)

    unsubscribe = mail["List-Unsubscribe"].strip(" <>")
    assert page.request.get(unsubscribe).status == 200
    assert page.request.post(unsubscribe, form={"List-Unsubscribe": "One-Click"}).status == 200
    wait_for(lambda: len(postbox.to(address)) == 2)
    page.goto("/cases/settings/")
    expect(page.locator("[name=mail_preference][value=none]")).to_be_checked()


def test_a_bounce_is_shown_on_every_page_until_the_address_is_confirmed(
    site, visit, postbox, assert_accessible
):
    address = make_person(site, "bounce-journey", first=8411)
    site.python(
        "from cpor_cases.mail import bounces\n"
        f"bounces.mark('{address}', answer='550 5.1.1 no such user', hardness='hard')"
    )
    page = visit("phone")
    log_in(page, "bounce-journey", to="/cases/")
    banner = page.locator(".notice-banner--error")
    for path in ("/cases/", "/cases/settings/", "/accounts/", "/cases/mails/"):
        page.goto(path)
        expect(banner).to_contain_text(address)
        assert_accessible(page)

    bring_news(site, 8411)
    assert postbox.to(address) == []
    banner.locator("button").click()
    expect(banner).to_have_count(0)
    postbox.wait_for(address)
    page.goto("/cases/mails/")
    assert_accessible(page)


def test_a_log_in_elsewhere_is_ended_from_the_list(site, visit, assert_accessible):
    make_person(site, "sessions-journey", first=8431)
    elsewhere, here = visit(), visit("phone")
    for browser in (elsewhere, visit()):
        log_in(browser, "sessions-journey", to="/cases/")
    log_in(here, "sessions-journey", to="/cases/")

    here.goto("/accounts/sessions/")
    expect(here.locator("main article.card")).to_have_count(3)
    expect(here.locator("main article.card").first.locator(".tag")).to_have_count(1)  # this one comes first
    assert_accessible(here)
    here.click("main form button")
    here.fill("[name=password]", PASSWORD)
    here.click("main form button[type=submit]")
    here.wait_for_selector(".messages")
    expect(here.locator("main article.card")).to_have_count(1)
    assert_accessible(here)

    elsewhere.goto("/cases/")
    expect(elsewhere).to_have_url(re.compile("/accounts/login/"))
    here.goto("/cases/")
    expect(here).to_have_url("/cases/")


class Keyboard:
    """A person without a mouse: presses Tab until the element has the focus, then types or presses a key."""

    def __init__(self, page):
        self.page = page

    def reach(self, selector: str) -> None:
        for _press in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                self._see_focus(selector)
                return
        pytest.fail(f"{selector} is not reached by the Tab key on {self.page.url}")

    def type(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(text)

    def press(self, selector: str, key: str) -> None:
        self.reach(selector)
        self.page.keyboard.press(key)

    def enter(self, selector: str) -> None:
        """Press Enter where it leads to another page, and wait for that page."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _see_focus(self, selector: str) -> None:
        style = self.page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); "
            "return [s.outlineStyle, parseFloat(s.outlineWidth), s.boxShadow] })()"
        )
        outline, width, shadow = style
        assert (outline != "none" and width >= 2) or shadow != "none", (
            f"focus on {selector} is not seen: {style}"
        )


def test_activation_log_in_case_and_settings_without_a_mouse(site, visit, postbox):
    site.python(
        "from cpor_cases.actions import applications\n"
        "from cpor_core.models import Court\n"
        "court = Court.objects.get(code='TPD')\n"
        "clerk = factories.make_clerk(court)\n"
        "case = factories.make_case(court, number=8441)\n"
        "paper = factories.make_application(case=case, by=clerk, email='keys@mail.example')\n"
        "applications.approve(application=paper, by=clerk)"
    )
    text = postbox.wait_for("keys@mail.example").get_body(("plain",)).get_content()
    page = visit()
    keys = Keyboard(page)

    page.goto(re.search(r"http://\S*/accounts/activate/\S*", text)[0])
    keys.type("[name=name]", "王大明")
    keys.type("[name=username]", "keys-journey")
    keys.type("[name=password1]", PASSWORD)
    keys.type("[name=password2]", PASSWORD)
    keys.enter("main form button")
    page.wait_for_url("**/cases/")

    page = visit()  # a late answer would log the first browser in again
    keys = Keyboard(page)
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    keys.type("[name=login]", "keys-journey")
    keys.type("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url("**/cases/")

    keys.enter(".case-card .card__title a")
    keys.press(".case-fold:has(#mails) summary", "Enter")
    keys.press("#id_mail_preference", "ArrowDown")
    keys.enter("form[action$='#mails'] button")
    page.wait_for_selector(".notice--success")
    keys.press(".case-fold:has(#own-words) summary", "Enter")
    keys.type("[name=note]", "星期三打電話給書記官")
    keys.enter("form[action$='#own-words'] button")
    page.wait_for_selector(".notice--success")
    expect(page.locator("[name=note]")).to_have_value("星期三打電話給書記官")

    page.goto("/cases/settings/")
    keys.press("[name=mail_preference]", "ArrowDown")
    keys.press("[name=mails_show_entry]", "Space")
    keys.enter("main form:has([name=digest_hour]) button")
    page.wait_for_selector(".notice--success")
    expect(page.locator("[name=mail_preference][value=digest]")).to_be_checked()
    expect(page.locator("[name=mails_show_entry]")).to_be_checked()
