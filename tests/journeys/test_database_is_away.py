"""PostgreSQL stops answering, or its connections are cut, under the real site and the real worker; then it is back."""

import dataclasses
import os
import time
import urllib.error
import urllib.request
from collections import Counter
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.support.ports import free_port
from tests.support.proxies import proxy_to
from tests.support.running_site import RunningSite, wait_for

pytestmark = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL"), reason="SQLite is no server that could be away"
)
MAILS = 20
POST = """
from django.db import transaction
from cpor_cases.mail import notifications
with transaction.atomic():
    for n in range({mails}):
        person = factories.make_user(f"away-{{n}}", email=f"away-{{n}}@mail.example", password=None)
        notifications.account_notice(person, "password_changed")
"""


@pytest.fixture(scope="module")
def proxy(site):
    there = urlsplit(site.environment["DATABASE_URL"])
    with proxy_to(there.hostname, there.port or 5432) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def far(site, proxy):
    """The same site once more, with its database behind a proxy that can be cut."""
    port, there = free_port(), urlsplit(site.environment["DATABASE_URL"])
    user = there.netloc.rpartition("@")[0]
    address = urlunsplit(there._replace(netloc=f"{user}@127.0.0.1:{proxy.port}"))
    environment = site.environment | {"DATABASE_URL": address, "BASE_URL": f"http://localhost:{port}"}
    far = dataclasses.replace(
        site, url=f"http://localhost:{port}", environment=environment, web_server=None, workers=[]
    )
    site.ask_workers_to_stop()
    far.start_web_server()
    far.start_workers()
    yield far
    proxy.restore()
    far.stop()
    site.start_workers()


def ask(far: RunningSite, path: str, *, cookie: str = "") -> tuple[int, str, float]:
    """Return status, page and seconds of an answer."""
    request = urllib.request.Request(f"{far.url}{path}", headers={"Cookie": cookie} if cookie else {})
    began = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, page = answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        status, page = refusal.code, refusal.read().decode()
    return status, page, time.monotonic() - began


def assert_unavailable(far: RunningSite) -> None:
    """Pages ask quickly to try again later, probes answer in time, and the process counts as alive, with a session too."""
    for path in ("/accounts/login/", "/cases/", "/search/?q=x"):
        status, page, seconds = ask(far, path, cookie="sessionid=somebody")
        assert (status, "請於幾分鐘後再試一次" in page) == (503, True)
        assert seconds < 8
    status, page, seconds = ask(far, "/readyz")
    assert (status, "Database: UNAVAILABLE" in page) == (503, True)
    assert seconds < 2
    assert ask(far, "/healthz", cookie="sessionid=somebody")[0] == 200


def test_pages_ask_to_try_later_while_it_is_silent_or_refuses_and_serve_once_it_is_back(far, proxy):
    assert ask(far, "/accounts/login/")[0] == 200

    for go_away in (proxy.freeze, proxy.cut):
        go_away()
        assert_unavailable(far)
        proxy.restore()
        wait_for(lambda: ask(far, "/accounts/login/", cookie="sessionid=somebody")[0] == 200, seconds=10)
        wait_for(lambda: ask(far, "/readyz")[0] == 200, seconds=10)


def test_mails_in_hand_go_soon_after_and_once(site, far, proxy, postbox, monkeypatch):
    monkeypatch.setattr(postbox, "seconds_a_mail", 0.1)
    site.python(POST.format(mails=MAILS))
    wait_for(lambda: sum("away-" in mail["To"] for mail in postbox.mails) >= 3)

    proxy.cut()
    time.sleep(1.5)
    proxy.restore()

    wait_for(lambda: sum("away-" in mail["To"] for mail in postbox.mails) >= MAILS, seconds=30)
    time.sleep(0.5)
    copies = Counter(mail["To"] for mail in postbox.mails if "away-" in mail["To"])
    assert len(copies) == MAILS
    assert set(copies.values()) == {1}
