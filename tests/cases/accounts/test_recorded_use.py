"""When, from where and with which browser a session was last used: each change at once, the time once a minute."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpor_cases.accounts.middleware import sessions

pytestmark = pytest.mark.django_db

ACCOUNT = reverse("account_home")


@pytest.fixture
def person(client, litigant):
    client.force_login(litigant)
    client.get(ACCOUNT)
    return client


def statements_about_sessions(client, **headers) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(ACCOUNT, **headers).status_code == 200
    return [query["sql"] for query in queries if "usersessions" in query["sql"]]


def let_minutes_pass(monkeypatch, minutes: int) -> None:
    now = sessions.time.time()
    monkeypatch.setattr(sessions.time, "time", lambda: now + 60 * minutes)


def test_a_second_page_within_the_minute_writes_nothing(person, monkeypatch):
    let_minutes_pass(monkeypatch, 0)
    person.get(ACCOUNT)

    assert statements_about_sessions(person) == []


def test_a_page_a_minute_later_records_the_time(person, monkeypatch):
    long_ago = timezone.now() - dt.timedelta(days=1)
    UserSession.objects.update(last_seen_at=long_ago)

    let_minutes_pass(monkeypatch, 1)
    person.get(ACCOUNT)

    assert UserSession.objects.get().last_seen_at > long_ago


@pytest.mark.parametrize(
    ("headers", "field", "value"),
    [
        ({"REMOTE_ADDR": "192.0.2.7"}, "ip", "192.0.2.7"),
        ({"HTTP_USER_AGENT": "another"}, "user_agent", "another"),
    ],
)
def test_another_address_or_browser_is_recorded_at_once(person, headers, field, value):
    person.get(ACCOUNT)

    person.get(ACCOUNT, **headers)

    assert getattr(UserSession.objects.get(), field) == value


def test_nothing_is_stored_in_the_session_of_somebody_who_logs_out(person):
    person.post(reverse("account_logout"), HTTP_USER_AGENT="another")

    assert sessions.UserSessionsMiddleware.RECORDED not in person.session
