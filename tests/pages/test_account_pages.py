"""allauth's pages look and speak like the site."""

import re
from pathlib import Path

import allauth
import pytest
from bs4 import BeautifulSoup
from django.template import Context, Origin, Template

OUTSIDERS = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-no-such-key/",
    "/accounts/inactive/",
]
OWN = ["/accounts/logout/", "/accounts/password/change/", "/accounts/email/"]


def check(response):
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.html["lang"] == "zh-Hant"
    assert len(soup.find_all("h1")) == 1
    assert soup.find("nav", class_="main-menu")
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    for control in soup.select("main input:not([type=hidden])"):
        assert soup.find("label", attrs={"for": control["id"]}), control


@pytest.mark.parametrize("path", OUTSIDERS)
def test_an_outsider_s_account_pages_stand_in_the_frame(public_site, client, path):
    check(client.get(path, follow=True))


@pytest.mark.parametrize("path", OWN)
def test_a_litigant_s_account_pages_stand_in_the_frame(public_site, client, litigant, path):
    client.force_login(litigant)

    check(client.get(path, follow=True))


def test_an_error_is_told_at_the_top_and_tied_to_its_field(public_site, client):
    response = client.post("/en/accounts/login/", {"login": "", "password": ""})
    soup = BeautifulSoup(response.content, "html.parser")

    assert soup.title.text.startswith("Error:")
    summary = soup.find(class_="error-summary")
    field = soup.find(id="id_login")
    assert summary.find("a", href="#id_login")
    assert "id_login_error" in field["aria-describedby"].split()
    assert field["aria-invalid"] == "true"
    assert soup.find(id="id_login_error")


def test_the_log_in_page_invites_nobody_to_sign_up(public_site, client):
    assert "signup" not in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    "path",
    ["/", "/faq/", "/nowhere/", "/accounts/", *OWN, "/accounts/sessions/", "/accounts/2fa/", "/en/accounts/"],
)
def test_no_browser_caches_what_a_person_who_is_logged_in_gets(public_site, client, litigant, path):
    client.force_login(litigant)

    assert "no-store" in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", [*OUTSIDERS, "/en/accounts/password/reset/"])
def test_no_browser_caches_a_page_of_an_account(public_site, client, path):
    assert "no-store" in client.get(path).headers["Cache-Control"]


def test_an_outsider_s_browser_may_keep_what_is_public(public_site, client):
    page = client.get("/faq/")

    assert "no-store" not in page.headers.get("Cache-Control", "")


FIELDS = {
    "required": 'type="email" id="new" name="email"',
    "optional": 'type="text" id="new" name="note" required=False',
    "only shown": 'type="email" id="new" value="a@b.example" disabled=True',
    "ticked": 'type="checkbox" id="new" name="saved"',
}


@pytest.mark.parametrize("kind", FIELDS)
def test_a_field_written_by_hand_is_required_unless_marked_as_optional(kind):
    field = "{% element field ATTRIBUTES %}{% slot label %}Label{% endslot %}{% endelement %}"
    # allauth asks which template of its own the element stands in.
    template = Template(
        "{% load allauth %}" + field.replace("ATTRIBUTES", FIELDS[kind]),
        origin=Origin("", template_name="account/new.html"),
    )
    soup = BeautifulSoup(template.render(Context()), "html.parser")

    assert soup.input.has_attr("required") == (kind == "required")
    assert bool(soup.find(class_="field__optional")) == (kind == "optional")


def test_allauth_s_own_templates_let_nobody_fill_in_by_hand_what_may_stay_empty():
    """`element field` with a name: these pages' forms require each (see their form classes)."""
    folder = Path(allauth.__file__).parent / "templates"
    written = {
        (str(path.relative_to(folder)), name)
        for path in folder.rglob("*.html")
        for tag in re.findall(r"{% element field ([^%]*)%}", path.read_text())
        if 'type="radio"' not in tag
        for name in re.findall(r'\bname="(\w+)"', tag)
    }

    assert written == {("account/email_change.html", "email"), ("account/phone_change.html", "phone")}
