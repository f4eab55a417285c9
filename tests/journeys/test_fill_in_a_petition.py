"""From the first question to the printed petition: the code comes by a real email, the browser prints the paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.pdf_files import first_page_of

pytestmark = pytest.mark.browser

SAID = {
    "zh-hant": {"court": "臺灣臺北地方法院", "category": "民事", "role": "當事人", "language": "正體中文"},
    "en": {
        "court": "Taiwan Taipei District Court",
        "category": "Civil",
        "role": "party",
        "language": "English",
    },
}
ERRORS = ".error-summary a"


def go_on(page: Page) -> None:
    """Send the first form of the page."""
    with page.expect_navigation():
        page.locator("main form.narrow button.button").first.click()


def answer(page: Page, check, fill) -> None:
    """Send a step empty, see what is missing, then answer it."""
    check(page)
    go_on(page)
    expect(page.locator(ERRORS).first).to_be_visible()
    expect(page).to_have_title(re.compile("^(錯誤|Error)"))
    check(page)
    fill()
    go_on(page)


def code_for(postbox, address: str) -> str:
    text = postbox.wait_for(address).get_body(("plain",)).get_content()
    return "".join(re.search(r"^(\d{3}) (\d{3})\s*$", text, re.MULTILINE).groups())


@pytest.mark.parametrize(("size", "language", "prefix"), [("desktop", "zh-hant", ""), ("phone", "en", "/en")])
def test_a_petition_is_filled_in_printed_and_found_again(
    visit, postbox, assert_accessible, size, language, prefix
):
    page, said, address = visit(size), SAID[language], f"petition.{size}@mail.example"

    def choose(label: str) -> None:
        page.get_by_label(label, exact=True).check()

    page.goto(f"{prefix}/apply/")
    assert_accessible(page)
    page.click(f"a[href='{prefix}/apply/start/']")
    assert_accessible(page)
    page.click(f"form[action='{prefix}/apply/start/'] button")
    answer(page, assert_accessible, lambda: page.select_option("[name=court]", label=said["court"]))
    answer(page, assert_accessible, lambda: choose(said["category"]))
    answer(page, assert_accessible, lambda: page.fill("[name=number]", "115訴8401"))
    answer(page, assert_accessible, lambda: page.get_by_label(said["role"]).first.check())
    answer(page, assert_accessible, lambda: page.fill("[name=name]", "王大明"))
    answer(page, assert_accessible, lambda: page.fill("[name=address]", address))
    answer(page, assert_accessible, lambda: page.fill("[name=code]", code_for(postbox, address)))
    assert_accessible(page)
    go_on(page)

    link = page.locator("a[href$='.pdf']").get_attribute("href")
    number = link.rpartition("/")[2].removesuffix(".pdf")
    expect(page.locator(".petition-number")).to_have_text(number)
    expect(page.locator(".court-sheet")).to_contain_text("115")
    assert_accessible(page)
    read = first_page_of(page.pdf(prefer_css_page_size=True, print_background=True))
    for words in ("線上查詢案件進度聲請狀", "王大明", address, number, "臺灣臺北地方法院", "具狀人"):
        assert words in read
    assert_is_found_again(page, prefix, number, address, assert_accessible)


def assert_is_found_again(page: Page, prefix: str, number: str, address: str, check) -> None:
    page.goto(f"{prefix}/apply/status/")
    check(page)
    page.fill("[name=number]", number)
    page.fill("[name=address]", "somebody.else@mail.example")
    go_on(page)
    expect(page.locator(".notice--warning")).to_be_visible()
    check(page)
    page.fill("[name=address]", address)
    go_on(page)
    expect(page.locator("main .notice:not(.notice--warning)")).to_be_visible()
    check(page)
