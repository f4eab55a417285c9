"""A visitor finds and downloads a form, on a phone and at a desk, in both languages."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

PAGES = ["/", "/apply/", "/forms/", "/case-words/", "/faq/", "/guide/", "/accounts/login/"]


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_public_page_is_accessible(visit, assert_accessible, size, language):
    page = visit(size)

    for path in PAGES:
        answer = page.goto(language + path)
        assert answer.status == 200, path
        assert_accessible(page)


def test_a_visitor_downloads_the_application_form(visit):
    page = visit("phone")
    page.goto("/")
    page.click("main a[href='/forms/']")

    for kind, beginning in (("pdf", b"%PDF"), ("odt", b"PK")):
        with page.expect_download() as download:
            page.evaluate(
                "selector => { const a = document.querySelector(selector); a.setAttribute('download', ''); a.click(); }",
                f"a[href$='progress-application.{kind}']",
            )
        with open(download.value.path(), "rb") as file:
            assert file.read(4).startswith(beginning)


def test_the_list_of_open_case_words_is_downloaded(visit):
    page = visit()

    csv = page.request.get("/case-words/download.csv")
    ods = page.request.get("/case-words/download.ods")

    assert csv.body().startswith("\ufeff".encode())
    assert "訴" in csv.text()
    assert ods.body().startswith(b"PK")


def test_the_language_changes_on_the_same_page(visit):
    page = visit()
    page.goto("/faq/")

    page.click("header a[hreflang=en]")

    assert page.url.endswith("/en/faq/")
    assert page.get_attribute("html", "lang") == "en"
