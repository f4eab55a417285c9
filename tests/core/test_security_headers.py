"""Every response says what a browser may do with it, whoever made it; cookies and tokens stay off the open line."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.core.files.base import ContentFile
from django.db import DatabaseError
from django.http import Http404
from django.template.loader import get_template
from django.test import Client, override_settings
from wagtail.documents import get_document_model

from cpor_cases.accounts import known_browsers
from cpor_cases.models import OutgoingMail
from cpor_core import conf, security_log
from cpor_site.health import views as health_views
from tests import factories
from tests.support.production import PRODUCTION

pytestmark = pytest.mark.django_db

HOST = "cpor.court.example"
DUMP = """
import json
from django.conf import settings
names = [
    n for n in dir(settings)
    if n.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "LANGUAGE_COOKIE_", "X_FRAME"))
    or n in {"MIDDLEWARE", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"}
]
values = {n: getattr(settings, n) for n in names}
print(json.dumps(values | {"CPOR": {"COOKIE_PREFIX": settings.CPOR["COOKIE_PREFIX"]}}))
"""


@pytest.fixture(scope="module")
def values():
    """What the production settings say about security."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", DUMP],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | PRODUCTION | {"TRUSTED_PROXY_COUNT": "0"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def production(values):
    own = {"CPOR": settings.CPOR | values["CPOR"]}
    with override_settings(**values | own, WHITENOISE_USE_FINDERS=True):
        yield


@pytest.fixture
def browser(production):
    """A browser that reaches the site over TLS by its name, and shows what went wrong instead of raising it."""
    return Client(raise_request_exception=False, headers={"host": HOST})


def raising(error):
    def get(*_arguments):
        raise error

    return get


ON_ALL = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": conf.PERMISSIONS_POLICY,
}


def faults(answer, *, is_over_tls: bool = True) -> list[str]:
    """Return what is wrong with the headers of a response."""
    found = [name for name, value in ON_ALL.items() if answer.headers.get(name) != value]
    if answer.headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        found.append("Referrer-Policy")
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe-eval" in policy:
        found.append(f"policy {policy!r}")
    if ("Strict-Transport-Security" in answer.headers) != is_over_tls:
        found.append("Strict-Transport-Security")
    for name, cookie in answer.cookies.items():
        if not (name.startswith("__Host-") and cookie["secure"] and cookie["samesite"]):
            found.append(f"cookie {name}")
        if not (cookie["httponly"] or cookie["max-age"] == 0):
            found.append(f"cookie {name} is open to scripts")
        if cookie["path"] != "/" or cookie["domain"]:
            found.append(f"cookie {name}: no browser takes it under this name")
    return found


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/accounts/login/", 200),
        ("/accounts/login", 301),
        ("/cases/", 302),
        ("/nothing/", 404),
        ("/office/", 302),
        ("/api/v1/docs", 200),
        ("/api/v1/openapi.json", 200),
        ("/api/v1/imports/1", 401),
        ("/api/v1/nothing", 404),
        ("/static/cpor/css/base.css", 200),
        ("/static/nothing.css", 404),
        ("/media/images/nothing.png", 404),
        ("/service-worker.js", 200),
        ("/offline/", 200),
        ("/robots.txt", 200),
        ("/healthz", 200),
    ],
)
def test_pages_files_redirects_and_the_api_have_all_headers(browser, path, status):
    answer = browser.get(path, secure=True)

    assert (answer.status_code, faults(answer)) == (status, [])
    answer.getvalue()  # whole, so that a file is closed


def test_documents_have_all_headers(browser):
    document = get_document_model().objects.create(title="d", file=ContentFile(b"%PDF-1.7 x", name="d.pdf"))

    answer = browser.get(document.url, secure=True)

    assert (answer.status_code, faults(answer)) == (200, [])
    answer.getvalue()  # whole, so that its file is closed


def test_pages_of_people_and_the_office_have_all_headers(browser, court):
    browser.force_login(factories.make_user("reader"))
    assert faults(browser.get("/cases/", secure=True)) == []

    browser.force_login(factories.make_clerk(court))
    answer = browser.get("/office/", secure=True)

    assert answer.headers["X-Frame-Options"] == "DENY"
    assert (answer.status_code, faults(answer)) == (200, [])


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PermissionDenied(), 403),
        (Http404(), 404),
        (BadRequest(), 400),
        (RequestDataTooBig(), 400),
        (DatabaseError(), 500),
    ],
)
def test_error_pages_have_all_headers(browser, monkeypatch, error, status):
    monkeypatch.setattr(health_views.AliveView, "get", raising(error))

    answer = browser.get("/healthz", secure=True)

    assert (answer.status_code, faults(answer)) == (status, [])


def test_refusals_of_middleware_have_all_headers(production):
    forger = Client(enforce_csrf_checks=True, headers={"host": HOST})

    forged = forger.post("/accounts/login/", secure=True)
    of_another_host = forger.get("/", secure=True, headers={"host": "evil.example"})

    assert (forged.status_code, faults(forged)) == (403, [])
    assert (of_another_host.status_code, faults(of_another_host)) == (400, [])


def test_too_many_attempts_have_all_headers(browser):
    with override_settings(ACCOUNT_RATE_LIMITS={"hearing_feed": "1/m/ip"}):
        answers = [browser.get("/cases/hearings.ics?key=guess", secure=True) for _each in range(2)]

    assert (answers[1].status_code, faults(answers[1])) == (429, [])


@pytest.mark.parametrize(("host", "status"), [(HOST, 301), ("evil.example", 400)])
def test_answers_over_plain_http_have_all_headers_but_the_one_that_browsers_take_over_tls_alone(
    browser, host, status
):
    answer = browser.get("/accounts/login/", headers={"host": host})

    assert (answer.status_code, faults(answer, is_over_tls=False)) == (status, [])


# Cookies


def log_in(browser, person, password):
    return browser.post("/accounts/login/", {"login": person.username, "password": password}, secure=True)


def test_every_cookie_of_a_log_in_is_bound_to_the_host_and_goes_on_working(browser):
    person = factories.make_user("reader")

    answers = [browser.get("/accounts/login/", secure=True), log_in(browser, person, factories.PASSWORD)]

    assert [faults(answer) for answer in answers] == [[], []]
    assert set(browser.cookies) == {"__Host-sessionid", "__Host-csrftoken", "__Host-known_browser"}
    assert browser.get("/cases/", secure=True).status_code == 200


def test_a_browser_known_by_its_cookie_brings_no_second_mail(browser):
    person = factories.make_user("reader")
    log_in(browser, person, factories.PASSWORD)
    browser.post("/accounts/logout/", secure=True)
    told = OutgoingMail.objects.filter(kind="new_login").count()

    log_in(browser, person, factories.PASSWORD)

    assert known_browsers.cookie_name() in browser.cookies
    assert OutgoingMail.objects.filter(kind="new_login").count() == told


def test_log_out_clears_what_the_browser_keeps_of_the_person_and_their_cookies_by_name(browser):
    log_in(browser, factories.make_user("reader"), factories.PASSWORD)
    browser.get("/accounts/logout/", secure=True)

    answer = browser.post("/accounts/logout/", secure=True)

    assert answer.headers["Clear-Site-Data"] == '"cache"'
    gone = {name for name, cookie in answer.cookies.items() if cookie["max-age"] == 0}
    assert {"__Host-sessionid", "__Host-csrftoken"} <= gone
    assert "__Host-known_browser" not in gone
    assert "__Host-messages" in answer.cookies
    assert faults(answer) == []


def test_an_ordinary_answer_clears_nothing(browser):
    browser.force_login(factories.make_user("reader"))

    assert "Clear-Site-Data" not in browser.get("/cases/", secure=True).headers


# Tokens


@pytest.mark.parametrize(
    "path", ["/api/v1/progress", "/api/v1/imports/1", "/api/v1/nothing", "/api/progress"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_call_over_plain_http_is_refused_and_never_redirected(browser, method, path):
    answer = getattr(browser, method)(path, headers={"Authorization": "Bearer cpor_secret"})

    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "https://" in answer.json()["detail"]
    assert "Location" not in answer.headers


def test_a_token_in_the_clear_is_in_the_security_log_without_the_token(browser, caplog):
    security_log.logger.addHandler(caplog.handler)
    try:
        browser.get("/api/v1/imports/1", headers={"Authorization": "Bearer cpor_secret"})
    finally:
        security_log.logger.removeHandler(caplog.handler)

    [line] = [json.loads(each.getMessage()) for each in caplog.records if each.name == "cpor.security"]
    assert (line["event"], line["reason"]) == ("refusal", "plain_http")
    assert "cpor_secret" not in json.dumps(line)


def test_a_call_over_plain_http_is_refused_without_a_token_too_and_in_the_caller_s_language(browser):
    said = [
        browser.get("/api/v1/progress", headers={"Accept-Language": language}).json()["detail"]
        for language in ("zh-TW", "en")
    ]

    assert "https" in said[0]
    assert said[0] != said[1]


def test_machines_in_front_may_ask_for_the_process_over_plain_http(browser):
    assert browser.get("/healthz").status_code == 200


# Host names


def test_a_password_mail_leads_to_the_site_whatever_host_the_request_names(client, make_mails_leave):
    person = factories.make_user("reader", email="reader@mail.example")
    mail.outbox.clear()

    make_mails_leave(
        lambda: client.post(
            "/accounts/password/reset/",
            {"email": person.email},
            headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
        )
    )

    [sent] = mail.outbox
    words = sent.message().as_string()
    assert "evil.example" not in words
    assert f"{conf.BASE_URL}/accounts/" in sent.body


# Error pages


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "429", "500", "503"])
def test_error_pages_need_no_database_and_say_in_both_languages_what_to_do(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = get_template(f"{name}.html").render()

    chinese, _mark, english = page.partition('lang="en"')
    assert re.search('href="/(accounts/login/)?"', chinese)
    assert 'href="/en/' in english
    assert re.search("請|回", chinese)
    assert re.search("Go back|Please|please", english)
    assert "<script" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    "path", ["/", "/office/", "/sitemap.xml", "/robots.txt", "/healthz", "/api/v1/progress"]
)
def test_trace_is_answered_nowhere(client, path):
    answer = client.trace(path, headers={"x-secret": "echoed"})

    assert answer.status_code == 405
    assert b"echoed" not in answer.content
    assert "Content-Security-Policy" in answer.headers


def test_no_plug_in_and_no_base_is_allowed_anywhere(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy


def test_text_for_machines_says_in_which_characters_it_is_written(client):
    paths = ["/healthz", "/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/service-worker.js"]
    kinds = {path: client.get(path).headers["Content-Type"] for path in paths}

    assert {path for path, kind in kinds.items() if "charset=utf-8" not in kind} == set()
