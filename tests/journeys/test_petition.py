"""From the first question to the case: the code comes by a real email, the browser prints the paper, a clerk scans it and
approves, and the person activates the account. At each stage the person can ask where the petition is."""

import logging
import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import PASSWORD, log_in
from tests.support.pdf_files import are_embedded, first_page_of, fonts_of, is_tagged, pages_of
from tests.support.people import make_clerk
from tests.support.typist import Typist, scan

pytestmark = pytest.mark.browser

log = logging.getLogger(__name__)
MOST_KEYS_OF_A_CLERK = 12

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
OTHER_STATES = """
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Court
from cpor_cases.actions import applications
from tests.support.made_petitions import make_petition
court, clerk = Court.objects.get(code="TPD"), factories.make_clerk(Court.objects.get(code="TPD"))
for number, is_refused in ((8411, False), (8412, True)):
    petition = make_petition(court, number=CaseNumber(115, "訴", number), address="stages@mail.example")
    application = factories.make_application(court, by=clerk, email=petition.address, petition=petition)
    if is_refused:
        applications.refuse(application=application, by=clerk, reason=factories.make_reason())
    print("petition " + petition.number)
"""


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


def number_of(page: Page) -> str:
    """Return the number of a petition that has just been made."""
    link = page.locator("a[href$='.pdf']").get_attribute("href")
    return link.rpartition("/")[2].removesuffix(".pdf")


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

    number = number_of(page)
    expect(page.locator(".petition-number")).to_have_text(number)
    expect(page.locator(".court-sheet")).to_contain_text("115")
    assert_accessible(page)
    read = first_page_of(page.pdf(prefer_css_page_size=True, print_background=True))
    for words in ("線上查詢案件進度聲請狀", "王大明", address, number, "臺灣臺北地方法院", "具狀人"):
        assert words in read
    assert_is_printed_well(page, page.request.get(f"{prefix}/apply/petition/{number}.pdf"), number, address)
    assert_is_found_again(page, prefix, number, address, assert_accessible)


def assert_is_printed_well(page: Page, pdf, number: str, address: str) -> None:
    """The first page is handed in, the second is kept; what is downloaded can be read aloud and copied."""
    printed = pages_of(page.pdf(prefer_css_page_size=True, print_background=True))
    assert len(printed) == 2
    assert "書記官" in printed[0]
    assert number in printed[1]
    if pdf.status == 503:
        log.info("this machine makes no PDF")
    else:
        assert_reads_right(pdf.body(), number, address)


def assert_reads_right(pdf: bytes, number: str, address: str) -> None:
    assert is_tagged(pdf)
    assert are_embedded(fonts_of(pdf))
    first, second = ("".join(each.split()) for each in pages_of(pdf))
    for words in ("王大明", address, number, "115年度訴字第8401號", "書記官"):
        assert words in first
    assert number in second


def assert_is_found_again(page: Page, prefix: str, number: str, address: str, check) -> None:
    page.goto(f"{prefix}/apply/status/")
    check(page)
    go_on(page)
    expect(page.locator(ERRORS).first).to_be_visible()
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


def assert_is_told(page: Page, number: str, address: str, words: str, check) -> None:
    """Ask at the status page."""
    page.goto("/apply/status/")
    page.fill("[name=number]", number)
    page.fill("[name=address]", address)
    go_on(page)
    expect(page.locator("main .notice")).to_contain_text(words)
    check(page)


def fill_in(page: Page, postbox, name: str, case_number: str, address: str) -> str:
    """Fill in a petition, print it, and return its number."""
    page.goto("/apply/start/")
    page.click("form[action='/apply/start/'] button")
    page.select_option("[name=court]", label="臺灣臺北地方法院")
    go_on(page)
    page.get_by_label("民事", exact=True).check()
    go_on(page)
    page.fill("[name=number]", case_number)
    go_on(page)
    page.get_by_label("當事人").first.check()
    go_on(page)
    page.fill("[name=name]", name)
    go_on(page)
    page.fill("[name=address]", address)
    go_on(page)
    page.fill("[name=code]", code_for(postbox, address))
    go_on(page)
    go_on(page)
    number = number_of(page)
    assert number in first_page_of(page.pdf(prefer_css_page_size=True, print_background=True))
    return number


def test_a_petition_is_scanned_and_approved_and_its_person_sees_the_case(
    visit, site, postbox, assert_accessible
):
    address = "whole.way@mail.example"
    person, office = visit("phone"), visit()
    number = fill_in(person, postbox, "林一路", "115訴8402", address)
    assert_is_told(person, number, address, "法院尚未收到", assert_accessible)

    log_in(office, make_clerk(site, "petition-clerk"))
    office.goto("/office/applications/scan/")
    typist, scanned = Typist(office), scan(office, number)
    expect(office.locator("[name=applicant_name]")).to_have_value("林一路")
    expect(office.locator("[name=case_number]")).to_have_value(re.compile("115.*訴.*8402"))
    expect(office.locator("[name=email]")).to_have_value(address)
    typist.tab_to("[name=received_on]")
    typist.press("Control+a")
    typist.type("1151127")
    typist.enter()
    expect(office.locator("main")).to_contain_text("已登錄並核准")
    log.info("%d keys of the clerk, %d of the scanner", typist.keys, scanned)
    assert typist.keys <= MOST_KEYS_OF_A_CLERK

    assert_is_told(person, number, address, "法院已核准", assert_accessible)
    activate(person, postbox.wait_for(address, count=2), "林一路")
    expect(person.locator("main")).to_contain_text("115年度訴字第8402號")


def activate(page: Page, mail, name: str) -> None:
    """Follow the link of the activation mail, and make an account."""
    page.goto(re.search(r"http://\S*/accounts/activate/\S*", mail.get_body(("plain",)).get_content())[0])
    page.fill("[name=name]", name)
    page.fill("[name=username]", "whole-way")
    for field in ("password1", "password2"):
        page.fill(f"[name={field}]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/cases/")


def test_each_further_state_is_told(visit, site, assert_accessible):
    page = visit("phone")
    received, refused = re.findall(r"petition (\d+)", site.python(OTHER_STATES))

    assert_is_told(page, received, "stages@mail.example", "書記官審核中", assert_accessible)
    assert_is_told(page, refused, "stages@mail.example", "法院無法受理", assert_accessible)


def test_a_petition_whose_session_is_over_is_asked_for_by_its_number(visit, assert_accessible):
    page = visit("phone")

    page.goto("/apply/petition/")

    expect(page).to_have_url(re.compile("/apply/status/$"))
    expect(page.locator("main")).to_contain_text("聲請狀編號")
    assert_accessible(page)
