"""A log-in ends after twelve hours, however busy it is."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cpor_cases.accounts.session_limit import BEGAN
from tests import factories

pytestmark = pytest.mark.django_db


def let_hours_pass(client, hours: float) -> None:
    session = client.session
    session[BEGAN] -= hours * 3600
    session.save()


@pytest.mark.parametrize("path", ["/cases/", "/accounts/", "/office/"])
def test_a_log_in_ends_after_twelve_hours_however_busy(client, clerk, path):
    client.force_login(clerk)
    for hours in (6, 5.9):
        let_hours_pass(client, hours)
        assert client.get(path).status_code == 200

    let_hours_pass(client, 0.2)

    assert "login" in client.get(path).headers["Location"]
    assert "_auth_user_id" not in client.session
    assert not UserSession.objects.exists()


def test_the_hours_are_a_setting(client, litigant, settings):
    settings.CPOR = settings.CPOR | {"SESSION_MAX_HOURS": 1}
    client.force_login(litigant)
    let_hours_pass(client, 1)

    assert client.get("/cases/").status_code == 302


def test_the_next_log_in_lasts_as_long_again(client, litigant):
    client.force_login(litigant)
    let_hours_pass(client, 13)
    credentials = {"login": litigant.username, "password": factories.PASSWORD}

    client.post("/accounts/login/", credentials)

    assert client.get("/cases/").status_code == 200
    assert time.time() - client.session[BEGAN] < 60


def test_the_person_is_told_why(client, litigant):
    client.force_login(litigant)
    let_hours_pass(client, 12)

    page = client.get("/en/cases/", follow=True).content.decode()

    assert "one lasts 12 hours at most" in page


def test_a_public_page_stays_one_when_the_log_in_ends(client, litigant):
    client.force_login(litigant)
    let_hours_pass(client, 12)

    assert client.get("/accounts/password/reset/").status_code == 200


def test_what_was_typed_when_the_time_was_over_is_there_after_the_next_log_in(client, litigant):
    client.force_login(litigant)
    right = factories.make_access(litigant)
    page = reverse("cpor_cases:case", args=[right.case.public_id])
    mark = client.get(page).content.decode().split('name="typed_by" value="')[1].split('"')[0]
    let_hours_pass(client, 12)

    asked = client.post(page, {"own_name": "房東案", "note": "打了很久的字", "typed_by": mark})
    credentials = {"login": litigant.username, "password": factories.PASSWORD}
    back = client.post(asked.headers["Location"], credentials, follow=True)

    assert back.request["PATH_INFO"] == page
    assert "打了很久的字" in back.content.decode()


def test_the_page_warns_before_the_time_is_over(client, litigant):
    client.force_login(litigant)
    let_hours_pass(client, 11.9)

    page = client.get("/cases/").content.decode()

    left = int(page.split('data-left="')[1].split('"')[0])
    assert 0 < left <= 362


def test_it_makes_no_query(client, litigant, settings):
    client.force_login(litigant)
    client.post("/accounts/go-on/")

    with CaptureQueriesContext(connection) as queries:
        client.post("/accounts/go-on/")
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "session_limit" not in each]
    other = Client()
    other.cookies = client.cookies
    with CaptureQueriesContext(connection) as queries_without:
        other.post("/accounts/go-on/")

    assert len(queries) == len(queries_without)


def test_a_session_gets_another_key_when_its_person_proves_anew_who_they_are(client, litigant):
    client.force_login(litigant)
    client.get("/accounts/")
    former = client.session.session_key
    stolen = Client()
    stolen.cookies["sessionid"] = former

    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})

    assert client.get("/cases/").status_code == 200
    assert stolen.get("/cases/").status_code == 302
    assert [each.session_key for each in UserSession.objects.all()] == [client.session.session_key]
