"""What a litigant sees first on a phone, and the menu, which opens without a script."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import SIZES, log_in
from tests.support.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

NEAR_THE_TOP = 300  # pixels: a third of a phone's first screen
ENTRIES = """
import datetime as dt
from django.utils import timezone
from cpor_cases.models import CaseAccess
for right in CaseAccess.objects.filter(account__username="{name}"):
    for days in (30, 20, 10):
        factories.make_entry(right.case, recorded_at=timezone.now() - dt.timedelta(days=days))
    factories.make_entry(right.case, "hearing_set", hearing_at=timezone.now() + dt.timedelta(days=9))
"""


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("cases", [1, 3])
def test_the_first_case_is_near_the_top_of_a_phone(site, visit, assert_accessible, cases, language):
    name = f"phone-journey-{cases}{language[1:]}"
    make_person(site, name, first=8600 + 20 * cases + 5 * bool(language), cases=cases)
    site.python(ENTRIES.format(name=name))
    page = visit("phone")
    log_in(page, name, to="/cases/")

    page.goto(f"{language}/cases/")

    expect(page.locator(".case-card")).to_have_count(cases)
    expect(page.locator("main select")).to_have_count(0)
    assert page.locator(".case-card").first.bounding_box()["y"] < NEAR_THE_TOP
    assert_accessible(page)


@pytest.mark.parametrize("path", ["/", "/en/", "/faq/", "/accounts/login/", "/nothing-here/"])
def test_the_menu_opens_without_a_script_by_key_and_press(site, browser, path):
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, viewport=SIZES["phone"], locale="zh-TW"
    )
    page = context.new_page()
    page.goto(path)
    header, menu = page.locator("header.site-header"), page.locator("nav.main-menu")
    assert header.bounding_box()["height"] < 140
    expect(menu).to_be_hidden()

    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")

    expect(menu).to_be_visible()
    expect(page.locator(".in-menu").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.locator("a").first).to_be_focused()
    page.click(".menu summary")
    expect(menu).to_be_hidden()
    context.close()


def test_on_a_wide_screen_the_menu_is_open_and_has_no_button(visit):
    page = visit()

    page.goto("/")

    expect(page.locator("nav.main-menu")).to_be_visible()
    expect(page.locator(".menu summary")).to_be_hidden()


def test_the_open_menu_of_a_phone_is_accessible(visit, assert_accessible):
    page = visit("phone")
    page.goto("/")
    assert_accessible(page)

    page.click(".menu summary")

    assert_accessible(page)
