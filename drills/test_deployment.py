"""A litigant and a court's system reach the site through nginx, and an upgrade fails no request."""

import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.support.browsing import BROWSERS, CHROMIUM_OPTIONS, PASSWORD, SIZES
from tests.support.export_files import HEADER
from tests.support.programs import find_program
from tests.support.running_site import PATIENCE, running_postbox

from .deployment import deployment
from .environments import ROOT

APPROVE = """
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import Court
from cpor_cases.actions import applications, api_tokens
court = Court.objects.get(code="TPD")
clerk = factories.make_clerk(court, "clerk-drill")
manager = factories.make_clerk(court, "manager-drill", group="Court managers")
application = factories.make_application(court, email="wang@mail.example", number=CaseNumber(115, "訴", 9901))
applications.approve(application=application, by=clerk)
print("TOKEN", api_tokens.issue(court=court, label="drill", by=manager)[1])
"""
ROW = "TPD,民事,115,訴,9901,孝,返還借款,D1,115/09/24,準備程序,兩造到庭,,,,"


@pytest.fixture(scope="module")
def postbox():
    with running_postbox() as box:
        yield box


@pytest.fixture(scope="module")
def site(tmp_path_factory, postbox):
    with deployment(tmp_path_factory.mktemp("deployment"), postbox) as here:
        yield here


@pytest.fixture(scope="module")
def visitor(site):
    context = ssl.create_default_context(cafile=site.environment["SSL_CERT_FILE"])
    with httpx.Client(base_url=site.url, verify=context, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def page(site):
    chromium = find_program(*BROWSERS, package="chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        context = browser.new_context(
            base_url=site.url, ignore_https_errors=True, viewport=SIZES["phone"], locale="zh-TW"
        )
        context.set_default_timeout(PATIENCE * 1000)
        yield context.new_page()
        browser.close()


def send(site, file, token):
    return subprocess.run(
        [sys.executable, ROOT / "examples" / "send_progress.py", site.url, str(file), "--language=en"],
        env={
            "CPOR_TOKEN": token,
            "SSL_CERT_FILE": site.environment["SSL_CERT_FILE"],
            "PATH": os.environ["PATH"],
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_litigant_follows_a_case_to_which_a_courts_system_sends_news(site, postbox, page, tmp_path):
    token = site.python(APPROVE).split("TOKEN ")[1].strip()
    mail = postbox.wait_for("wang@mail.example")
    link = re.search(r"https://\S*/accounts/activate/\S*", mail.get_body(("plain",)).get_content())[0]
    page.goto(link)
    page.fill("[name=name]", "王大明")
    page.fill("[name=username]", "wang-drill")
    for field in ("password1", "password2"):
        page.fill(f"[name={field}]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/cases/")
    file = tmp_path / "export.csv"
    file.write_text(f"{HEADER}\n{ROW}", encoding="utf-8")

    sent = send(site, file, token)

    assert sent.returncode == 0, sent.stdout + sent.stderr
    assert (
        "115年度訴字第9901號"
        in postbox.wait_for("wang@mail.example", count=3).get_body(("plain",)).get_content()
    )
    page.reload()
    expect(page.locator("main")).to_contain_text("準備程序")
    log = (tmp_path.parent / "deployment0" / "cpor.log").read_text(encoding="utf-8")
    assert "/accounts/activate/..." in log
    assert link.split("/activate/")[1] not in log


def test_visitors_are_told_apart_and_headers_arrive(visitor):
    answer = visitor.get("/faq/", headers={"X-Forwarded-For": "192.0.2.1", "X-Request-ID": "mine"})

    assert answer.status_code == 200
    assert answer.http_version == "HTTP/1.1"
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "nginx/" not in answer.headers["Server"]


def announce(site, path, *, megabytes):
    """Begin to send a body; the answer comes before any of it is sent."""
    context = ssl.create_default_context(cafile=site.environment["SSL_CERT_FILE"])
    connection = http.client.HTTPSConnection(urlsplit(site.url).netloc, context=context, timeout=PATIENCE)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", str(megabytes << 20))
    connection.endheaders()
    return connection.getresponse()


def test_what_is_too_large_is_told_in_the_form_of_the_place(site):
    page, system = (
        announce(site, "/accounts/login/", megabytes=4),
        announce(site, "/api/v1/progress", megabytes=101),
    )

    assert (page.status, page.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert (system.status, system.headers["Content-Type"]) == (413, "application/problem+json")
    assert json.load(system)["type"].endswith("#body-too-large")


def test_a_monitor_on_this_machine_is_answered_by_any_name(visitor):
    assert visitor.get("/readyz").status_code == 200  # from this machine
    assert visitor.get("/healthz", headers={"Host": "192.0.2.7"}).text == "ok\n"


def test_an_upgrade_of_one_web_process_after_the_other_fails_no_request(site, visitor):
    answers, is_over = Counter(), threading.Event()

    def visit(path):
        context = ssl.create_default_context(cafile=site.environment["SSL_CERT_FILE"])
        with httpx.Client(base_url=site.url, verify=context, timeout=PATIENCE) as client:
            while not is_over.is_set():
                try:
                    answers[client.get(path).status_code] += 1
                except httpx.HTTPError as error:
                    answers[type(error).__name__] += 1
                time.sleep(0.01)

    threads = [
        threading.Thread(target=visit, args=(path,))
        for path in ("/", "/faq/", "/search/?q=x", "/case-words/")
    ]
    for thread in threads:
        thread.start()
    try:
        for port in (*site.ports, *site.ports):
            site.start_anew(port)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    sys.stdout.write(f"\nanswers while four web processes were started anew: {dict(answers)}\n")

    assert set(answers) == {200}
    assert answers[200] > 200
