"""The security log: what is a line, and that nothing anybody typed can be in one."""

import json
import logging
import re
from datetime import datetime

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import reverse

from cpor_cases.accounts.middleware.security_log import SecurityLogMiddleware
from cpor_cases.actions import clerk_posts
from cpor_core import security_log
from cpor_core.models import ClerkPost
from cpor_core.security_log import Event, Outcome, Reason
from tests import factories
from tests.support.factors import code_now

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
ADDRESS = "203.0.113.77"
FIELDS = [
    "time",
    "event",
    "outcome",
    "reason",
    "account",
    "actor",
    "actor_kind",
    "view",
    "request",
    "source",
]


@pytest.fixture
def lines(caplog):
    """The lines written so far, read as an operator's program reads them."""
    logger = logging.getLogger("cpor.security")
    logger.addHandler(caplog.handler)
    yield lambda: [json.loads(each.getMessage()) for each in caplog.records if each.name == "cpor.security"]
    logger.removeHandler(caplog.handler)


def facts(line, *names):
    return tuple(line[name] for name in names or ("event", "outcome", "reason", "account"))


def log_in(client, name, password=factories.PASSWORD):
    return client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=ADDRESS)


def test_log_in_and_log_out_are_a_line_each(client, clerk, lines):
    log_in(client, "clerk")
    client.post("/accounts/logout/")

    assert [facts(line, "event", "outcome", "account", "actor_kind") for line in lines()] == [
        ("login", "success", clerk.pk, "staff"),
        ("logout", "success", clerk.pk, "staff"),
    ]
    assert list(lines()[0]) == FIELDS
    assert datetime.fromisoformat(lines()[0]["time"]).tzinfo


@pytest.mark.parametrize("name", ["litigant", "nobody-at-all"])
def test_failed_log_in_is_a_line_whoever_was_meant(client, litigant, lines, name):
    log_in(client, name, "wrong")

    [line] = lines()
    assert facts(line, "event", "outcome", "reason", "actor_kind") == (
        "login",
        "failure",
        "wrong_credentials",
        "anonymous",
    )


def test_wrong_code_of_the_second_factor_is_a_line(client, litigant, lines):
    TOTP.activate(litigant, "JBSWY3DPEHPK3PXP")
    log_in(client, "litigant")
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert ("second_factor", "failure", "wrong_code", litigant.pk) in [facts(line) for line in lines()]


def test_changes_of_factors_and_password_are_lines(
    client, litigant, lines, django_capture_on_commit_callbacks
):
    log_in(client, "litigant")
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)[1]
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    new = "a much longer secret 7"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
    )

    found = [facts(line) for line in lines()]
    assert ("factor_added", "success", "totp", litigant.pk) in found
    assert ("password_changed", "success", "", litigant.pk) in found


def test_refusals_are_lines_with_the_name_of_the_view_and_never_its_path(client, litigant, court, lines):
    elsewhere = factories.make_access(factories.make_user("other"), factories.make_case(court))
    client.force_login(litigant)
    before = len(lines())

    client.get(f"/cases/{elsewhere.case.public_id}/")

    [line] = lines()[before:]
    assert facts(line, "event", "reason", "actor", "actor_kind", "view") == (
        "refusal",
        "not_found",
        litigant.pk,
        "litigant",
        "cpor_cases:case",
    )
    assert str(elsewhere.case.public_id) not in json.dumps(line)


def test_a_403_that_wagtail_turns_into_a_redirect_is_a_refusal(client, clerk, lines):
    client.force_login(clerk)

    answer = client.get(reverse("office_posts:add"))

    assert answer.status_code == 302
    assert [facts(line, "event", "reason", "actor", "view") for line in lines()] == [
        ("refusal", "not_permitted", clerk.pk, "office_posts:add")
    ]


def test_a_page_of_the_office_that_answers_is_no_refusal(client, clerk, lines):
    client.force_login(clerk)

    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    assert client.get("/no-such-page/").status_code == 404
    assert lines() == []


def test_forged_form_is_a_refusal(litigant, lines):
    Client(enforce_csrf_checks=True).post(LOGIN, {"login": "litigant", "password": "x"})

    assert [facts(line, "event", "reason") for line in lines()] == [("refusal", "not_permitted")]


def test_machine_without_a_token_is_a_refusal(client, lines):
    client.post("/api/v1/progress", "[]", content_type="application/json")

    assert [facts(line, "event", "reason") for line in lines()] == [("refusal", "not_authenticated")]


@pytest.mark.parametrize("chosen", ["nightly-17.a", "run_1~b", "7"])
def test_line_names_the_request_as_its_sender_does(client, lines, chosen):
    answer = client.post("/api/v1/progress", "[]", content_type="application/json", HTTP_X_REQUEST_ID=chosen)

    assert [line["request"] for line in lines()] == [answer["X-Request-ID"]] == [chosen]


def test_rate_limit_is_a_line(rf, lines):
    SecurityLogMiddleware(lambda request: HttpResponse(status=429))(rf.get("/"))

    assert [facts(line, "event", "outcome", "reason") for line in lines()] == [
        ("rate_limit", "failure", "too_many")
    ]


@pytest.mark.parametrize(
    "response",
    [HttpResponse(status=302), HttpResponseRedirect("/elsewhere/"), HttpResponseRedirect("/office/")],
)
def test_redirect_before_there_are_messages_is_no_refusal(rf, lines, response):
    """A redirect to the office's first page is one only with Wagtail's message."""
    assert reverse("wagtailadmin_home") == "/office/"

    assert SecurityLogMiddleware(lambda request: response)(rf.get("/")) is response

    assert lines() == []


def test_log_in_that_rests_after_wrong_passwords_is_a_rate_limit(client, litigant, lines):
    for _each in range(6):
        log_in(client, "litigant", "wrong")

    assert [line["event"] for line in lines()] == ["login"] * 5 + ["rate_limit"]


def test_roles_and_posts_are_lines_with_whose_they_are(court, clerk, lines):
    manager = factories.make_clerk(court, group="Court managers")
    other = factories.make_clerk(factories.make_court("SLD"), "newcomer")
    before = len(lines())

    other.groups.add(Group.objects.get(name="Court managers"))
    post = clerk_posts.assign(
        user=other, court=court, by=factories.make_clerk(court, "chief", group="Service managers")
    )
    clerk_posts.remove(post=ClerkPost.objects.get(user=clerk), by=manager)

    found = [facts(line, "event", "account", "actor") for line in lines()[before:]]
    assert ("roles_changed", other.pk, None) in found
    assert ("post_assigned", other.pk, post.user_id) not in found
    assert ("post_removed", clerk.pk, manager.pk) in found


def test_source_is_a_digest_that_links_and_does_not_name(lines, settings):
    make = RequestFactory().get
    for address in (ADDRESS, ADDRESS, "203.0.113.78"):
        security_log.record(Event.REFUSAL, request=make("/", REMOTE_ADDR=address))
    settings.SECRET_KEY = "another"
    security_log.record(Event.REFUSAL, request=make("/", REMOTE_ADDR=ADDRESS))

    first, again, other, other_key = (line["source"] for line in lines())
    assert first == again
    assert len({first, other, other_key}) == 3
    assert all(ADDRESS not in json.dumps(line) for line in lines())


TYPED = ["王大明", "wang@mail.example", "115年度訴字第123號", "a secret password 1"]


@pytest.mark.parametrize("typed", TYPED)
def test_nothing_typed_gets_into_a_line(client, litigant, lines, typed):
    log_in(client, typed, typed)
    client.post("/accounts/password/reset/", {"email": typed})
    client.get(f"/cases/?q={typed}")
    client.get(f"/accounts/activate/{typed}/")
    client.get(
        "/api/v1/imports/1", HTTP_AUTHORIZATION="Bearer x", HTTP_X_REQUEST_ID=typed, HTTP_USER_AGENT=typed
    )
    security_log.record(Event.REFUSAL, request=RequestFactory().get(f"/{typed}"))

    written = json.dumps(lines(), ensure_ascii=False)
    assert len(lines()) >= 3
    assert typed not in written


@pytest.mark.parametrize("typed", TYPED)
def test_words_that_are_no_members_are_refused(typed):
    for over in ({"event": typed}, {"reason": typed}, {"outcome": typed}):
        with pytest.raises(ValueError, match="not a valid"):
            security_log.record(**({"event": Event.LOGIN} | over))


def test_line_of_the_log_is_json_and_nothing_else(settings):
    handler = settings.LOGGING["handlers"]["security"]
    record = logging.LogRecord(
        "cpor.security", logging.INFO, "", 0, json.dumps({"event": "login"}), None, None
    )

    text = logging.Formatter(settings.LOGGING["formatters"][handler["formatter"]]["format"]).format(record)

    assert json.loads(text) == {"event": "login"}
    assert settings.LOGGING["loggers"]["cpor.security"]["propagate"] is False
    assert {Outcome.SUCCESS, Outcome.FAILURE} == set(Outcome)
    assert Reason("") is Reason.NONE
