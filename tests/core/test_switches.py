"""The interface, the calendar feed and the public statistics can be switched off: their addresses are gone, and no link leads there."""

import pytest
from django.urls import reverse

from cpor_core import conf
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def off(settings):
    def switch_off(name):
        settings.CPOR = settings.CPOR | {name: False}

    return switch_off


def test_everything_is_on_unless_a_setting_says_otherwise():
    assert conf.default("HAS_API")
    assert conf.default("HAS_CALENDAR_FEED")
    assert conf.default("HAS_PUBLIC_STATISTICS")


@pytest.mark.parametrize("path", ["progress", "token", "docs", "openapi.json", "reference", "imports/1"])
def test_without_the_interface_each_of_its_addresses_says_in_json_that_there_is_nothing(
    client, court, off, path
):
    _token, secret = factories.make_token(court)
    off("HAS_API")

    answers = [
        method(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})
        for method in (client.get, client.post)
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.headers["Content-Type"] for answer in answers} == {"application/problem+json"}


def test_without_the_interface_a_manager_is_offered_no_tokens(client, court, off):
    client.force_login(factories.make_clerk(court, group="Court managers"))
    assert reverse("office_tokens:index") in client.get("/office/").content.decode()

    off("HAS_API")

    assert reverse("office_tokens:index") not in client.get("/office/").content.decode()


def test_without_the_feed_no_calendar_fetches_hearings_and_no_page_leads_there(client, litigant, case, off):
    factories.make_access(litigant, case)
    client.force_login(litigant)
    address = reverse("cpor_cases:calendar")
    assert address in client.get("/cases/").content.decode()
    assert address in client.get("/accounts/").content.decode()

    off("HAS_CALENDAR_FEED")

    assert client.get(address).status_code == 404
    assert client.get("/cases/hearings.ics?key=x").status_code == 404
    for page in ("/cases/", "/accounts/"):
        assert address not in client.get(page).content.decode()


def test_without_public_statistics_nobody_reads_them(client, off):
    assert client.get("/cases/clear/").status_code == 200

    off("HAS_PUBLIC_STATISTICS")

    assert client.get("/cases/clear/").status_code == 404
