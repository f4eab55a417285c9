"""A session that ends while a request is under way: what its reader sees."""

from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.test import Client

from cpor_cases.views.account import AccountView, GoOnView
from cpor_cases.views.settings import SameForAllView

pytestmark = pytest.mark.django_db

PUBLIC = "/office/jsi18n/"  # opens to everybody


@pytest.fixture
def person(client, litigant):
    client.force_login(litigant)
    client.get("/accounts/")
    return litigant


def end_during(monkeypatch, view, method):
    """Let the session be deleted, as a log-out elsewhere does, while `view` works on a request."""
    work = getattr(view, method)

    def interrupted(self, request, *args, **kwargs):
        engine = import_module(settings.SESSION_ENGINE)
        response = work(self, request, *args, **kwargs)
        engine.SessionStore().delete(request.session.session_key)
        return response

    monkeypatch.setattr(view, method, interrupted)


def test_a_reader_whose_session_ends_meanwhile_is_asked_to_log_in(client, person, monkeypatch):
    end_during(monkeypatch, AccountView, "get")

    again = client.get("/accounts/?x=1")
    page = client.get("/accounts/?x=1", follow=True)

    assert again.status_code == 302
    assert again.headers["Location"] == "/accounts/?x=1"
    assert "no-store" in again.headers["Cache-Control"]
    assert page.redirect_chain[-1][0].startswith("/accounts/login/")
    assert page.status_code == 200


def test_a_public_page_stays_one(client, person, monkeypatch):
    before = AuthenticationMiddleware.process_request
    done = []

    def interrupted(self, request):
        before(self, request)
        if not done:
            done.append(request.session.session_key)
            engine = import_module(settings.SESSION_ENGINE)
            assert request.user.is_authenticated
            engine.SessionStore().delete(request.session.session_key)

    monkeypatch.setattr(AuthenticationMiddleware, "process_request", interrupted)

    page = client.get(PUBLIC, follow=True)

    assert done
    assert page.status_code == 200
    assert [address for address, _status in page.redirect_chain] == [PUBLIC]


def test_what_a_form_did_leads_on_as_ever(client, person, monkeypatch):
    end_during(monkeypatch, SameForAllView, "post")

    answer = client.post("/cases/settings/same-for-all/")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/cases/settings/"


def test_a_form_that_leads_nowhere_leads_to_the_log_in(client, person, monkeypatch):
    end_during(monkeypatch, GoOnView, "post")

    assert client.post("/accounts/go-on/").headers["Location"] == "/accounts/login/"


def test_a_log_in_at_the_same_moment_keeps_its_cookie(client, person, monkeypatch):
    """The answer to the interrupted request may arrive after that of the log-in."""
    end_during(monkeypatch, AccountView, "get")

    assert settings.SESSION_COOKIE_NAME not in client.get("/accounts/").cookies


def test_a_bad_request_has_a_page_in_both_languages_and_makes_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get("/faq/", headers={"host": "no such host!"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "無法處理這項請求" in page
    assert 'lang="en"' in page
    assert "css/site.css" in page
