"""The name that the office gives the service is the one that everything shows."""

import pytest
from django.utils import translation

from cpor_cases.accounts.mfa_adapter import MFAAdapter
from cpor_cases.mail import descriptions
from cpor_core import branding
from cpor_pages.models import ServiceSettings

NAMES = {"zh-hant": "某某法院案件查詢", "en": "A Court's Case Service"}


def call_it(**names):
    stored = ServiceSettings.load()
    stored.name = names
    stored.save()


@pytest.mark.parametrize(
    ("path", "name"), [("/faq/", NAMES["zh-hant"]), ("/en/faq/", "A Court&#x27;s Case Service")]
)
def test_pages_have_the_name_in_head_title_and_footer(public_site, client, path, name):
    call_it(**NAMES)

    page = client.get(path).text

    assert f"| {name}</title>" in page
    assert f"<span>{name}</span>" in page
    assert f'<h2 id="footer-about">{name}</h2>' in page


@pytest.mark.django_db
def test_a_language_without_a_name_keeps_the_usual_one():
    call_it(**{"zh-hant": "某某法院案件查詢"})

    with translation.override("en"):
        assert branding.service_name() == "Online Case Progress Service"
    with translation.override("zh-hant"):
        assert branding.service_name() == "某某法院案件查詢"


@pytest.mark.django_db
def test_the_next_mail_has_a_changed_name():
    with translation.override("en"):
        before = descriptions.describe()["text"]
    call_it(**NAMES)

    with translation.override("en"):
        after = descriptions.describe()["text"]

    assert "Online Case Progress Service" in before
    assert "A Court's Case Service" in after
    assert "Online Case Progress Service" not in after


def test_feed_and_app_have_the_name(public_site, client):
    call_it(**NAMES)

    assert "某某法院案件查詢" in client.get("/news/feed/", follow=True).text
    assert client.get("/manifest.webmanifest").json()["name"] == "某某法院案件查詢"


def test_the_office_has_the_name(client, editor):
    call_it(**NAMES)
    client.force_login(editor)

    assert "某某法院案件查詢" in client.get("/office/", follow=True).text


@pytest.mark.django_db
def test_an_authenticator_app_has_the_name():
    call_it(**NAMES)

    assert MFAAdapter().get_totp_issuer() == "某某法院案件查詢"


def test_a_changed_name_drops_what_is_cached(
    public_site, version, client, django_capture_on_commit_callbacks
):
    assert "| 案件進度線上查詢服務</title>" in client.get("/faq/").text

    with django_capture_on_commit_callbacks(execute=True):
        call_it(**NAMES)

    assert "| 某某法院案件查詢</title>" in client.get("/faq/").text
