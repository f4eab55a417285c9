"""What stands on every page: language, landmarks, menu, the way in and out."""

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from cpor_pages.models import PlainPage, ServiceSettings
from cpor_pages.starter.tree import TREE

PATHS = ["", *[f"{starter.path}/" for starter in TREE]]


def soup_of(client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize("prefix", ["/", "/en/"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_stands_in_the_frame(public_site, client, prefix, path):
    soup = soup_of(client, prefix + path)

    assert soup.html["lang"] == ("en" if prefix == "/en/" else "zh-Hant")
    assert len(soup.find_all("main")) == len(soup.find_all("h1")) == 1
    assert [link["accesskey"][0] for link in soup.find_all("a", class_="landmark")] == ["U", "C", "Z"]
    assert soup.find("meta", attrs={"name": "description"})["content"].strip()
    assert soup.find("a", class_="skip-link")["href"] == "#content"


@pytest.mark.parametrize("path", PATHS)
def test_nothing_in_a_page_is_inline_or_from_elsewhere(public_site, client, path):
    soup = soup_of(client, f"/{path}")

    assert not soup.find_all(style=True)
    assert not soup.find_all("style")
    assert not [tag for tag in soup.find_all("script") if not tag.get("src") and tag.get("type") is None]
    assert not [tag for tag in soup.find_all(src=True) if "//" in tag["src"]]


@pytest.mark.parametrize("path", PATHS)
def test_the_language_switch_stays_on_the_same_page(public_site, client, path):
    there = soup_of(client, f"/{path}").find("a", hreflang="en")["href"]
    back = soup_of(client, there).find("a", hreflang="zh-Hant")["href"]

    assert (there, back) == (f"/en/{path}", f"/{path}")


def test_the_language_switch_works_on_pages_outside_the_tree(public_site, client):
    soup = soup_of(client, "/accounts/login/?next=/cases/")

    assert soup.find("a", hreflang="en")["href"] == "/en/accounts/login/?next=/cases/"


def test_a_page_without_a_translation_leads_to_the_other_home_page(public_site, client):
    PlainPage.objects.get(slug="about", locale__language_code="en").delete()

    assert soup_of(client, "/about/").find("a", hreflang="en")["href"] == "/en/"


def test_an_outsider_is_offered_to_log_in_and_a_litigant_their_cases(public_site, client, litigant):
    before = soup_of(client, "/").find("nav", class_="main-menu")
    client.force_login(litigant)
    after = soup_of(client, "/").find("nav", class_="main-menu")

    assert before.find("a", href="/accounts/login/")
    assert not after.find("a", href="/accounts/login/")
    assert after.find("a", href="/cases/")


def test_a_visitor_s_page_sets_no_cookie(public_site, client):
    response = client.get("/")

    assert not response.cookies


def test_the_office_is_offered_to_those_who_may_enter_it(public_site, client, litigant, editor):
    client.force_login(litigant)
    assert not soup_of(client, "/").find("a", href="/office/")

    client.force_login(editor)
    assert soup_of(client, "/").find("a", href="/office/")


def test_the_menu_marks_the_page_it_is_on(public_site, client):
    menu = soup_of(client, "/faq/activate/").find("nav", class_="main-menu")

    assert [link["href"] for link in menu.find_all(attrs={"aria-current": True})] == ["/faq/"]


def test_the_notice_banner_is_shown_only_when_switched_on(public_site, client):
    notice = ServiceSettings.load()
    notice.notice = {"zh-hant": "系統將於今晚維護。", "en": "Maintenance tonight."}
    notice.save()
    assert not soup_of(client, "/").find(class_="notice-banner")

    notice.notice_is_shown = True
    notice.save()

    assert "系統將於今晚維護。" in soup_of(client, "/").find(class_="notice-banner").text
    assert "Maintenance tonight." in soup_of(client, "/en/").find(class_="notice-banner").text


def test_a_notice_of_one_language_says_so_to_readers_of_the_other(public_site, client):
    notice = ServiceSettings.load()
    notice.notice_is_shown, notice.notice = True, {"zh-hant": "系統維護"}
    notice.save()

    own, foreign = (soup_of(client, page).find(class_="notice-banner") for page in ("/", "/en/"))

    assert foreign.find(lang="zh-Hant").text.strip() == "系統維護"
    assert "(only in Traditional Chinese)" in foreign.text
    assert not own.find(lang=True)


def test_the_notice_itself_is_its_link(public_site, client):
    notice = ServiceSettings.load()
    notice.notice_is_shown, notice.notice = True, {"zh-hant": "系統維護"}
    notice.notice_url = "https://example.com/x"
    notice.save()

    assert soup_of(client, "/").find(class_="notice-banner").a.text.strip() == "系統維護"


@pytest.mark.parametrize("path", ["/", "/faq/", "/accounts/login/", "/search/"])
def test_the_search_has_its_access_key_on_every_page_once(public_site, client, path):
    keyed = soup_of(client, path).find_all(accesskey="S")

    assert [each.name for each in keyed] == ["input" if path == "/search/" else "a"]


def test_the_home_page_says_whom_to_ask(public_site, client):
    contact = ServiceSettings.load()
    contact.phone = "02-0000-0000"
    contact.save()

    section = soup_of(client, "/").find("section", attrs={"aria-labelledby": "contact"})

    assert "02-0000-0000" in section.text
    assert section.find("a", href="/courts/")


def test_a_missing_page_is_told_in_the_frame(public_site, client):
    response = client.get("/en/no-such-page/")

    assert response.status_code == 404
    assert b"Page not found" in response.content
    assert b'class="main-menu"' in response.content


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 30), ("/forms/", 20), ("/case-words/", 16), ("/faq/", 25), ("/courts/", 16), ("/apply/", 22)],
)
def test_a_page_takes_few_queries(public_site, client, django_assert_max_num_queries, path, most):
    client.get(path)

    with django_assert_max_num_queries(most):
        client.get(path)


@pytest.mark.parametrize(("prefix", "words"), [("", "首頁"), ("/en", "Home")])
def test_every_page_leads_home_by_a_word(public_site, client, prefix, words):
    home = client.get(f"{prefix}/").request["PATH_INFO"]
    for path in (
        "/",
        "/faq/",
        "/search/",
        "/case-words/history/",
        "/accounts/login/",
        "/accounts/password/reset/",
    ):
        header = BeautifulSoup(client.get(prefix + path).content, "html.parser").find("header")

        assert [link["href"] for link in header.find_all("a") if link.text == words] == [home], path


def test_the_footer_names_address_and_telephone_in_both_languages(public_site, client):
    for prefix, words in (("", "重慶南路"), ("/en", "Chongqing S. Rd.")):
        footer = BeautifulSoup(client.get(f"{prefix}/faq/").content, "html.parser").find("footer").text

        assert words in footer
        assert "2361-8577" in footer


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_form_says_which_fields_must_be_filled_in(public_site, client, litigant, prefix):
    client.force_login(litigant)
    with translation.override("en" if prefix else "zh-hant"):
        words = translation.gettext("Whatever is not marked as optional has to be filled in.")

    assert words in client.get(f"{prefix}/accounts/password/change/").content.decode()
