"""What a browser caches for the time without a connection: one page in two languages, and nothing of anybody."""

import json
import re

import pytest
from django.conf import settings

from tests import factories

pytestmark = pytest.mark.django_db

PAGES = ["/offline/", "/en/offline/"]


def cached_by(client) -> list[str]:
    worker = client.get("/service-worker.js").content.decode()
    return json.loads(re.search(r"const CACHED = (\[.*\]);", worker)[1])


@pytest.mark.parametrize("url", PAGES)
def test_the_page_is_the_same_for_everybody(client, litigant, url):
    factories.make_access(litigant)
    before = client.get(url)
    client.force_login(litigant)

    after = client.get(url)

    assert after.status_code == 200
    assert after.content == before.content
    assert not before.cookies


def test_it_speaks_both_languages(client):
    chinese, english = (client.get(url).content.decode() for url in PAGES)

    assert '<html lang="zh-Hant">' in chinese
    assert '<html lang="en">' in english


def test_the_worker_lies_at_the_root_and_runs_under_the_strict_policy(client):
    worker = client.get("/service-worker.js")

    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "connect-src 'self'" in worker.headers["Content-Security-Policy"]
    assert "unsafe" not in worker.headers["Content-Security-Policy"]
    assert not worker.cookies


def test_it_caches_the_two_pages_and_their_style_sheet_and_nothing_else(client):
    cached = cached_by(client)

    assert cached[:2] == PAGES
    assert cached[2:] == [f"{settings.STATIC_URL}cpor/css/site.css"]


def test_it_writes_only_what_it_cached_at_its_start(client):
    worker = client.get("/service-worker.js").content.decode()

    assert ".put(" not in worker
    assert worker.count("addAll(") == 1
    assert 'credentials: "omit"' in worker


@pytest.mark.parametrize("url", [*PAGES, "/service-worker.js"])
def test_none_of_it_makes_a_query_once_the_name_is_cached(client, version, django_assert_num_queries, url):
    client.get(url)

    with django_assert_num_queries(0):
        client.get(url)


def test_a_person_logged_in_gets_the_worker_and_an_outsider_does_not(client, litigant):
    assert "offline.js" not in client.get("/accounts/login/").content.decode()
    client.force_login(litigant)

    assert 'data-worker="/service-worker.js"' in client.get("/cases/").content.decode()


def test_the_app_on_a_home_screen_opens_at_the_cases(client):
    manifest = client.get("/manifest.webmanifest").json()

    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/cases/", "/", "standalone")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
