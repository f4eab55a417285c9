"""What is sent is HTML as the standard has it: nothing a browser would have to mend."""

from collections import Counter

import pytest
from bs4 import BeautifulSoup
from tinyhtml5.parser import HTMLParser
from wagtail.models import Page

BESIDE_THE_TREE = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/signup/",
    "/case-words/?check_word=訴",
    "/case-words/history/",
    "/forms/?who=intervenor&purpose=complaint",
    "/search/?q=form",
    "/search/?q=zzz",
    "/no-such-page/",
]
A_LITIGANT_S = [
    "/cases/",
    "/cases/settings/",
    "/cases/calendar/",
    "/accounts/",
    "/accounts/email/",
    "/accounts/sessions/",
    "/accounts/logout/",
]


def faults_of(html: str) -> list[str]:
    """Return what a parser had to mend, and the ids given twice."""
    parser = HTMLParser()
    parser.parse(html)
    mended = [f"{code} at {position}" for position, code, _details in parser.errors]
    ids = Counter(each["id"] for each in BeautifulSoup(html, "html.parser").find_all(id=True))
    return mended + [f"id {name} {count} times" for name, count in ids.items() if count > 1]


def test_a_fault_is_found():
    assert faults_of("<!doctype html><title>x</title><p id='a'><div id='a'></p>")


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_page_of_the_tree_is_sound(public_site, client, language):
    for page in Page.objects.live().filter(depth__gte=2, locale__language_code=language):
        assert faults_of(client.get(page.url).content.decode()) == [], page.url


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_beside_the_tree_is_sound(public_site, client, prefix):
    for path in BESIDE_THE_TREE:
        assert faults_of(client.get(prefix + path).content.decode()) == [], path


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_a_litigant_is_sound(public_site, client, litigant, prefix):
    client.force_login(litigant)
    for path in A_LITIGANT_S:
        response = client.get(prefix + path)
        assert response.status_code == 200, path
        assert faults_of(response.content.decode()) == [], path
