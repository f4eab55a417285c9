"""A name is searched for in the office: while typing, from page to page, back, and into a file. No address holds it."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.support.browsing import PASSWORD, log_in

pytestmark = pytest.mark.browser

NAME = "尋萬里"
PEOPLE = f"""
from cpor_core.models import Court
court = Court.objects.get(code="TPD")
manager = factories.make_clerk(court, "searching-manager", group="Court managers", password="{PASSWORD}")
for number in range(60):
    factories.make_application(court, by=manager, applicant_name="{NAME}", email=f"seek-{{number}}@mail.example")
"""
FOUND = "#listing-results p[role=status]"


@pytest.fixture(scope="module")
def _people(site):
    site.python(PEOPLE)


@pytest.mark.usefixtures("_people")
def test_name_is_found_while_typing_and_stands_in_no_address(site, visit):
    page, asked = visit(), []
    log_in(page, "searching-manager")
    page.on("request", lambda request: asked.append(unquote(request.url)))

    page.goto("/office/applications/?status=pending")
    page.locator("[data-office-search]").press_sequentially(NAME)
    expect(page.locator(FOUND)).to_contain_text("60")
    expect(page).to_have_url(re.compile(r"\?(?=.*status=pending).*\bs=[\w-]+"))
    page.click("nav[aria-label] a[href*='p=2']")
    expect(page.locator("#listing-results tbody tr")).to_have_count(10)
    expect(page.locator("[data-office-search]")).to_have_value(NAME)
    page.go_back()
    expect(page.locator(FOUND)).to_contain_text("60")

    page.goto("/office/audit/")
    page.fill("[data-office-search]", "searching-manager")
    expect(page).to_have_url(re.compile(r"/office/audit/\?.*\bs=[\w-]+"))
    page.reload()
    with page.expect_download() as file:
        page.locator("header [data-controller~='w-dropdown'] > button").first.click()
        page.click("a[href*='export.csv']")
    text = file.value.path().read_text(encoding="utf-8-sig")
    assert "searching-manager" in text

    assert [url for url in asked if NAME in url or "searching-manager" in url] == []
    assert page.errors == []


@pytest.mark.usefixtures("_people")
def test_search_works_without_javascript(site, browser):
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    log_in(page, "searching-manager")

    page.goto("/office/applications/")
    page.fill("[data-office-search]", NAME)
    with page.expect_navigation():
        page.press("[data-office-search]", "Enter")

    expect(page).to_have_url(re.compile(r"/office/applications/\?s=[\w-]+$"))
    expect(page.locator(FOUND)).to_contain_text("60")
    context.close()
