"""A log-in that is idle for half an hour ends."""

import datetime as dt
import json
import re

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cpor_cases.accounts.middleware import sessions
from cpor_cases.models import litigant_of
from tests import factories

pytestmark = pytest.mark.django_db


def lapse(**time):
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(**time))


def test_an_idle_log_in_ends_by_the_clock_of_the_server(client, litigant):
    client.force_login(litigant)
    left = Session.objects.get().expire_date - timezone.now()
    lapse(seconds=1)

    assert dt.timedelta(minutes=30) < left <= dt.timedelta(minutes=31)
    assert client.get("/cases/").headers["Location"].startswith("/accounts/login/")


def test_every_request_begins_the_half_hour_anew(client, litigant):
    client.force_login(litigant)
    Session.objects.update(expire_date=timezone.now() + dt.timedelta(minutes=1))

    assert client.post("/accounts/go-on/").status_code == 204
    assert Session.objects.get().expire_date > timezone.now() + dt.timedelta(minutes=29)


def test_of_pages_read_one_a_minute_is_noted_and_every_form_sent(client, litigant, monkeypatch):
    client.force_login(litigant)
    client.get("/cases/")
    almost_over = timezone.now() + dt.timedelta(minutes=1)

    Session.objects.update(expire_date=almost_over)
    client.get("/cases/")
    assert time_left() < dt.timedelta(minutes=1)

    client.post("/accounts/go-on/")
    assert time_left() > dt.timedelta(minutes=29)

    Session.objects.update(expire_date=almost_over)
    in_a_minute = sessions.current_minute() + 1
    monkeypatch.setattr(sessions, "current_minute", lambda: in_a_minute)
    client.get("/cases/")
    assert time_left() > dt.timedelta(minutes=29)


def test_the_page_warns_before_the_log_in_ends_whenever_it_was_noted(client, litigant):
    client.force_login(litigant)

    seconds = int(re.search(r'data-seconds="(\d+)"', client.get("/cases/").content.decode())[1])

    assert seconds == 30 * 60
    assert seconds + 60 <= settings.SESSION_COOKIE_AGE


def test_whose_log_in_has_ended_cannot_go_on(litigant):
    assert Client().post("/accounts/go-on/").status_code == 403


def test_pages_of_a_person_bring_the_warning_and_those_of_anonymous_visitors_do_not(client, litigant):
    assert "js/idle.js" not in client.get("/accounts/login/").content.decode()
    client.force_login(litigant)

    assert 'data-seconds="1800"' in client.get("/cases/").content.decode()


def time_left() -> dt.timedelta:
    return Session.objects.get().expire_date - timezone.now()


def test_what_an_editors_page_asks_by_itself_keeps_no_log_in_alive(client, clerk):
    client.force_login(clerk)
    path = reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", "1", 1])
    Session.objects.update(expire_date=timezone.now() + dt.timedelta(minutes=1))

    client.post(path)
    assert time_left() < dt.timedelta(minutes=1)

    client.get("/office/")
    assert time_left() > dt.timedelta(minutes=29)


def test_the_office_brings_the_warning_too(client, clerk):
    client.force_login(clerk)

    page = client.get("/office/").content.decode()

    assert "js/idle.js" in page
    assert f'data-account="{clerk.pk}"' in page


@pytest.fixture
def page(client, litigant):
    client.force_login(litigant)
    right = factories.make_access(litigant)
    return reverse("cpor_cases:case", args=[right.case.public_id])


def mark_in(client, page) -> str:
    """The mark of whose form it is, as the page brings it."""
    return client.get(page).content.decode().split('name="typed_by" value="')[1].split('"')[0]


def test_what_was_typed_when_the_log_in_had_ended_is_there_after_the_next_one(client, litigant, page):
    typed = {"own_name": "房東案", "note": "打了很久的字", "typed_by": mark_in(client, page)}
    lapse(seconds=1)

    asked = client.post(page, typed)
    assert asked.headers["Location"] == f"/accounts/login/?next={page}"
    credentials = {"login": litigant.username, "password": factories.PASSWORD}
    back = client.post(asked.headers["Location"], credentials, follow=True)

    assert back.request["PATH_INFO"] == page
    assert "打了很久的字" in back.content.decode()
    assert litigant.accesses.get().note == ""
    assert "打了很久的字" not in client.get(page).content.decode()


def test_what_one_person_typed_is_not_shown_to_another_at_the_same_browser(
    client, litigant, other_litigant, page
):
    factories.make_access(other_litigant, litigant.accesses.get().case)
    typed = {"own_name": "", "note": "只給自己看", "typed_by": mark_in(client, page)}
    lapse(seconds=1)
    client.post(page, typed)

    credentials = {"login": other_litigant.username, "password": factories.PASSWORD}
    back = client.post(f"/accounts/login/?next={page}", credentials, follow=True)

    assert back.request["PATH_INFO"] == page
    assert "只給自己看" not in back.content.decode()


def test_settings_chosen_when_the_log_in_had_ended_are_there_after_the_next_one(client, litigant, page):
    settings_page = reverse("cpor_cases:settings")
    typed = {"mail_preference": "digest", "digest_hour": "7", "language": "en"}
    typed["typed_by"] = mark_in(client, settings_page)
    lapse(seconds=1)
    client.post(settings_page, typed)

    credentials = {"login": litigant.username, "password": factories.PASSWORD}
    client.post(f"/accounts/login/?next={settings_page}", credentials)
    form = client.get(settings_page).context["form"]

    assert (form["mail_preference"].value(), form["digest_hour"].value()) == ("digest", "7")
    assert litigant_of(litigant).mail_preference == "at_once"


def test_what_was_chosen_for_one_case_when_the_log_in_had_ended_is_there_too(client, litigant, page):
    mails_of_case = f"{page}mails/"
    typed = {"mail_preference": "none", "mails_show_entry": "", "reminders": "False"}
    typed["typed_by"] = mark_in(client, page)
    lapse(seconds=1)
    client.post(mails_of_case, typed)

    credentials = {"login": litigant.username, "password": factories.PASSWORD}
    client.post(f"/accounts/login/?next={mails_of_case}", credentials)
    back = client.get(mails_of_case)

    assert back.context["mail_form"]["mail_preference"].value() == "none"
    assert litigant.accesses.get().mail_preference == "account"
    assert client.get(mails_of_case).headers["Location"] == page


@pytest.fixture
def anonymous_text(client, page):
    """What the session of a browser holds in which somebody typed after their log-in had ended."""
    typed = {"own_name": "", "note": "land-register", "typed_by": mark_in(client, page)}
    lapse(seconds=1)
    client.post(page, typed)
    return client.session["unsaved_form"]


def test_what_was_typed_is_unreadable_without_a_key_that_only_the_browser_has(client, anonymous_text):
    key = client.cookies["unsaved_form_key"]

    stored = json.dumps([session.get_decoded() for session in Session.objects.all()])

    assert "land-register" not in stored
    assert key.value not in stored
    assert b"land-register" in Fernet(key.value).decrypt(anonymous_text["content"])
    assert (key["httponly"], key["samesite"], key["max-age"]) == (True, "Lax", 3600)


def test_another_browser_cannot_read_what_was_typed(client, litigant, page, anonymous_text):
    client.cookies["unsaved_form_key"] = Fernet.generate_key().decode()
    credentials = {"login": litigant.username, "password": factories.PASSWORD}

    back = client.post(f"/accounts/login/?next={page}", credentials, follow=True)

    assert back.status_code == 200
    assert "land-register" not in back.content.decode()


@pytest.mark.parametrize("readable", [False, True], ids=["of this version", "readable, of an earlier one"])
def test_what_was_typed_goes_within_the_hour(client, anonymous_text, readable):
    session = client.session
    old = {"path": "/cases/", "fields": "note=land-register"}
    session["unsaved_form"] = old if readable else anonymous_text | {"until": timezone.now().timestamp() - 1}
    session.save()

    client.get("/accounts/login/")

    assert "unsaved_form" not in client.session


@pytest.mark.parametrize("mark", [{}, {"typed_by": ""}, {"typed_by": "1:forged"}])
def test_an_anonymous_visitor_stores_nothing_in_the_session(page, mark):
    visitor = Client()

    visitor.post(page, {"own_name": "", "note": "x" * 10_000} | mark)

    assert "unsaved_form" not in visitor.session
