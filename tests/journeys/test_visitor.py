"""A visitor finds and downloads a form, on a phone and on a desktop, in both languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.running_site import wait_for

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/apply/",
    "/forms/",
    "/forms/?who=intervenor&purpose=complaint",
    "/case-words/",
    "/case-words/?check_word=訴",
    "/case-words/?check_word=金馬簡",
    "/case-words/history/",
    "/faq/",
    "/faq/?q=zzz",
    "/faq/dates/",
    "/guide/",
    "/news/",
    "/news/new-site/",
    "/courts/",
    "/about/",
    "/search/?q=form",
    "/search/?q=zzz",
    "/sitemap/",
    "/accounts/login/",
]
IS_SEEN = "part => document.querySelector(part).getBoundingClientRect().top < innerHeight"
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["", "/en"])


@pytest.mark.parametrize("size", ["desktop", "phone"])
@IN_BOTH_LANGUAGES
def test_every_public_page_is_accessible(visit, assert_accessible, size, language):
    page = visit(size)

    for path in PAGES:
        answer = page.goto(language + path)
        assert answer.status == 200, path
        assert_accessible(page)


@IN_BOTH_LANGUAGES
def test_a_visitor_in_a_hurry_finds_the_form_and_takes_both_files(visit, language):
    page = visit("phone")
    page.goto(f"{language}/")
    page.click(f"main a[href='{language}/forms/']")
    page.select_option("#filter-who", "defense-counsel")
    page.select_option("#filter-purpose", "petition")
    page.click(".filters button")

    forms = page.locator("article.court-form")
    expect(forms).to_have_count(1)
    expect(forms).to_have_id("criminal-petition")
    expect(page).to_have_url(re.compile("who=defense-counsel"))
    wait_for(lambda: page.evaluate(IS_SEEN, "article.court-form"))  # without scrolling
    forms.locator("img").scroll_into_view_if_needed()
    wait_for(lambda: forms.locator("img").evaluate("picture => picture.naturalWidth > 0"))
    for kind, beginning in (("pdf", b"%PDF"), ("odt", b"PK")):
        link = forms.locator(f"a[href$='.{kind}']")
        assert link.bounding_box()["height"] >= 24
        assert page.request.get(link.get_attribute("href")).body().startswith(beginning)


@IN_BOTH_LANGUAGES
def test_a_visitor_asks_whether_their_case_is_covered(visit, language):
    page = visit("phone")
    page.goto(f"{language}/case-words/")

    page.fill("#check-word", "１１５年度訴字第１２３號")
    page.select_option("#filter-check_category", "civil")
    page.press("#check-word", "Enter")

    result = page.locator(".notice--success[role=status]")
    expect(result).to_contain_text("訴")
    expect(page.locator("#check-word")).to_have_value("１１５年度訴字第１２３號")
    wait_for(lambda: page.evaluate(IS_SEEN, ".notice--success"))


def test_a_number_typed_with_its_court_is_answered_for_that_court(visit):
    page = visit("phone")
    page.goto("/case-words/")

    page.fill("#check-word", "台灣士林地方法院 115年度司促字第8號")
    page.press("#check-word", "Enter")

    result = page.locator(".word-check")
    expect(result).to_contain_text("臺灣士林地方法院")
    expect(result.locator("a[href='/courts/']")).to_have_count(1)


@pytest.mark.parametrize(("language", "typed"), [("", "忘記密碼"), ("/en", "forgotten")])
def test_a_question_is_found_by_its_words_and_stands_open(visit, language, typed):
    page = visit("phone")
    page.goto(f"{language}/faq/")

    page.fill("#q", typed)
    page.press("#q", "Enter")

    expect(page.locator("#forgotten-password .question__answer")).to_be_visible()
    expect(page.locator("#dates")).to_have_count(0)


@IN_BOTH_LANGUAGES
def test_the_search_is_one_step_away_and_finds_a_court(visit, language):
    page = visit()
    page.goto(f"{language}/")

    page.click("header a[accesskey=S]")
    page.fill("#q", "台北地方法院")
    page.press("#q", "Enter")
    page.click("main a[href$='#TPD']")

    expect(page.locator("#TPD")).to_be_visible()


@IN_BOTH_LANGUAGES
def test_an_answer_has_an_address_of_its_own_and_takes_a_vote(visit, language, assert_accessible):
    page = visit("phone")
    page.goto(f"{language}/faq/")
    page.click("#dates summary")
    page.click("#dates a[href$='/faq/dates/']")
    expect(page).to_have_url(f"{language}/faq/dates/")

    page.click("button[name=helpful][value=yes]")

    expect(page).to_have_url(re.compile("/thanks/$"))
    assert_accessible(page)
    page.click("main .actions a")
    expect(page).to_have_url(f"{language}/faq/dates/")


@IN_BOTH_LANGUAGES
def test_the_guide_is_taken_home_as_pdf(visit, language):
    page = visit("phone")
    page.goto(f"{language}/guide/")

    answer = page.request.get(page.get_attribute("main .download a", "href"))

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")


def test_on_paper_a_page_is_its_text(visit):
    page = visit()
    page.goto("/faq/")
    page.emulate_media(media="print")

    expect(page.locator(".main-menu")).to_be_hidden()
    expect(page.locator("#dates .question__answer")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("path", ["/", "/forms/", "/case-words/", "/faq/", "/guide/", "/sitemap/"])
def test_a_page_needs_no_scrolling_sideways_at_320_px_and_with_text_twice_as_large(visit, path):
    page = visit("phone")
    for width, size in ((320, "100%"), (640, "200%")):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} at {width}px, text at {size}: {wide}px too wide"


def test_the_list_of_open_case_words_is_downloaded(visit):
    page = visit()

    csv = page.request.get("/case-words/download.csv")
    ods = page.request.get("/case-words/download.ods")

    assert csv.body().startswith("\ufeff".encode())
    assert "訴" in csv.text()
    assert ods.body().startswith(b"PK")


@pytest.mark.parametrize("path", ["/faq/", "/forms/?who=party", "/accounts/login/"])
def test_the_language_changes_on_the_same_page_and_back(visit, path):
    page, address = visit(), path.split("?")[0]
    page.goto(path)

    page.click("header a[hreflang=en]")
    expect(page).to_have_url(re.compile(rf"//[^/]+/en{address}(\?|$)"))
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.click("header a[hreflang=zh-Hant]")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(page).to_have_url(re.compile(rf"//[^/]+{address}(\?|$)"))
