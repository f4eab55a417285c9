"""What machines read of the public site."""

import json
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.utils import timezone
from wagtail.models import Page

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def structured_data(client, path: str) -> dict:
    soup = BeautifulSoup(client.get(path).content, "html.parser")
    return json.loads(soup.find("script", type="application/ld+json").string)


def test_the_site_map_lists_every_page_with_its_translation(public_site, client):
    urls = ET.fromstring(client.get("/sitemap.xml").content).findall("s:url", SITEMAP)  # noqa: S314

    listed = {url.find("s:loc", SITEMAP).text for url in urls}
    searches = {"http://testserver/search/", "http://testserver/en/search/"}
    assert (
        listed
        == {f"http://testserver{page.url}" for page in Page.objects.live().filter(depth__gte=2)} - searches
    )
    for url in urls:
        twins = {each.get("hreflang"): each.get("href") for each in url.findall("x:link", SITEMAP)}
        assert set(twins) == {"zh-Hant", "en", "x-default"}
        assert twins["x-default"] == twins["zh-Hant"]
        assert url.find("s:loc", SITEMAP).text in twins.values()


def test_robots_are_kept_out_of_accounts_and_cases(public_site, client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert {"Disallow: /accounts/", "Disallow: /cases/", "Disallow: /office/"} <= set(lines)
    assert any(line.startswith("Sitemap: ") for line in lines)


def test_a_flaw_can_be_reported(public_site, client):
    text = client.get("/.well-known/security.txt").content.decode()

    assert "Contact: " in text
    assert "Expires: " in text


def test_the_manifest_names_icons_that_exist(public_site, client):
    icons = client.get("/manifest.webmanifest").json()["icons"]

    for icon in icons:
        assert (settings.BASE_DIR / "site" / icon["src"].lstrip("/")).is_file()


@pytest.mark.parametrize(("path", "title"), [("/", "網站全面更新"), ("/en/", "A new website")])
def test_the_news_come_as_a_feed_in_each_language(public_site, client, path, title):
    feed = ET.fromstring(client.get(f"{path}news/feed.atom").content)  # noqa: S314

    assert [entry.find("a:title", ATOM).text for entry in feed.findall("a:entry", ATOM)] == [title]


def test_a_page_names_its_own_address_and_its_translations(public_site, client):
    soup = BeautifulSoup(client.get("/en/faq/").content, "html.parser")

    assert soup.find("link", rel="canonical")["href"] == "http://testserver/en/faq/"
    alternates = soup.head.find_all("link", hreflang=True)
    assert {each["hreflang"]: each["href"] for each in alternates} == {
        "zh-Hant": "http://testserver/faq/",
        "en": "http://testserver/en/faq/",
        "x-default": "http://testserver/faq/",
    }
    assert soup.find("meta", property="og:title")["content"] == "Questions"


@pytest.mark.parametrize("path", ["/en/case-words/history/", f"/en/case-words/{timezone.localdate()}/"])
def test_so_does_a_page_beside_the_tree_that_is_cited(public_site, client, path):
    soup = BeautifulSoup(client.get(path).content, "html.parser")

    assert soup.find("link", rel="canonical")["href"] == f"http://testserver{path}"
    assert {each["hreflang"] for each in soup.head.find_all("link", hreflang=True)} == {
        "zh-Hant",
        "en",
        "x-default",
    }
    assert "case words" in soup.find("meta", attrs={"name": "description"})["content"]


@pytest.mark.parametrize("path", ["/en/apply/start/", "/en/apply/status/"])
def test_so_does_a_page_about_a_petition(public_site, client, path):
    soup = BeautifulSoup(client.get(path).content, "html.parser")

    assert soup.find("link", rel="canonical")["href"] == f"http://testserver{path}"
    assert "petition" in soup.find("meta", attrs={"name": "description"})["content"]


@pytest.mark.parametrize("path", ["/accounts/login/", "/offline/", "/apply/no-email/", "/no-such-page/"])
def test_a_page_that_is_nobody_s_to_find_names_none(public_site, client, path):
    assert b'rel="canonical"' not in client.get(path).content


def test_search_engines_are_told_the_service_and_its_questions(public_site, client):
    assert structured_data(client, "/")["@type"] == "GovernmentService"
    assert structured_data(client, "/faq/")["mainEntity"][0]["acceptedAnswer"]["text"]


def test_the_pictures_folder_shows_nothing_beside_it(public_site, client):
    assert client.get("/media/images/../documents/civil-complaint.pdf").status_code == 400
    assert client.get("/media/documents/civil-complaint.pdf").status_code == 404
