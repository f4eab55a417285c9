"""A project without `cpor_pages` shows the litigant's pages in the plain frame of the core, or in its own."""

import pytest
from django.conf import settings as project
from django.urls import reverse

from cpor_pages.templatetags import site_frame

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain_frame(settings, monkeypatch):
    engine = project.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [each for each in engine["DIRS"] if each.name != "frame"]}]
    monkeypatch.setattr(site_frame, "_frame", lambda *_: pytest.fail("drew the frame of cpor_pages"))


@pytest.mark.parametrize(
    "name", ["cpor_cases:cases", "cpor_cases:settings", "account_home", "mfa_index", "mail_check"]
)
def test_a_page_of_a_person_needs_nothing_of_the_public_pages(plain_frame, client, litigant, name):
    client.force_login(litigant)

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert '<main id="content"' in response.content.decode()


def test_the_log_in_needs_nothing_of_the_public_pages(plain_frame, client):
    assert client.get(reverse("account_login")).status_code == 200


def test_the_public_pages_know_of_no_cases_in_a_project_without_them(settings):
    settings.ROOT_URLCONF = "cpor_pages.urls"

    assert site_frame._url_of("cpor_cases:cases") == site_frame._url_of("mail_check") == ""
