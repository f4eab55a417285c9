"""Pages cached for anonymous visitors: the same for everybody, out of date when content changes, never personal."""

import datetime as dt
import gzip
import time
from dataclasses import dataclass

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from cpor_cases.actions import times_to_know
from cpor_cases.models import OutgoingMail
from cpor_core import content_version
from cpor_pages.models import CourtForm, FaqPage, PlainPage, ServiceSettings
from cpor_site.page_cache import PageCache
from cpor_site.page_cache import pages as cached_pages
from cpor_site.page_cache import store as page_store
from cpor_site.page_cache.application import SHARE_OF_QUERIES, ResponseHead
from cpor_site.page_cache.requests import accepted_coding, are_personal, came_over_tls, is_anonymous
from tests.support.connections import connection_kept

HOUR = dt.timedelta(hours=1)
NEVER_CACHED = [
    "/accounts/login/",
    "/en/accounts/password/reset/",
    "/search/?q=a",
    "/cases/",
    "/office/",
    "/documents/1/a.pdf",
]


@dataclass
class Answer:
    status: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Worker:
    """One process of the web server, as anonymous visitors reach it."""

    def __init__(self):
        self.cache = PageCache(WSGIHandler(), size=10, version=content_version.shared.__wrapped__())

    def get(self, path: str, method: str = "GET", **headers) -> Answer:
        environ = RequestFactory(headers=headers).generic(method, path).environ
        if "cookies" not in headers:
            environ.pop("HTTP_COOKIE", None)
        head = ResponseHead()
        with connection_kept():
            response = self.cache(environ, head.start)
            answer = Answer(head.status, dict(head.headers), b"".join(response))
            getattr(response, "close", tuple)()
        return answer

    def get_as(self, client: Client, path: str) -> Answer:
        """Ask with the cookies of a person's browser."""
        cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
        return self.get(path, cookie=cookies, cookies="as given")


@pytest.fixture
def worker(public_site, version):
    """A worker that caches pages, with a version of its own."""
    return Worker()


def test_the_second_visitor_is_answered_without_a_query(worker, django_assert_num_queries):
    first = worker.get("/faq/")

    with django_assert_num_queries(0):
        second = worker.get("/faq/")

    assert second == first
    assert "常見問題" in first.text


def test_the_name_that_one_visitor_gave_a_request_is_told_to_no_other(worker):
    worker.get("/", **{"x-request-id": "chosen-by-somebody"})

    answer = worker.get("/")

    assert "chosen-by-somebody" not in str(answer.headers)


def test_publishing_shows_at_the_next_request(worker, django_capture_on_commit_callbacks):
    about = PlainPage.objects.get(slug="about", locale__language_code="en")
    worker.get("/en/about/")

    with django_capture_on_commit_callbacks(execute=True):
        about.title = "Rewritten"
        about.save_revision().publish()

    assert "Rewritten" in worker.get("/en/about/").text


def test_the_record_counted_anew_shows_at_the_next_request(
    worker, court, litigant, django_capture_on_commit_callbacks
):
    worker.get("/en/record/")
    now = timezone.now()
    facts = {"kind": "progress", "account": litigant, "court": court, "state": "sent"}
    OutgoingMail.objects.bulk_create(
        OutgoingMail(accepted_at=now - HOUR, taken_at=now - HOUR, ended_at=now, **facts)
        for _each in range(10)
    )

    with django_capture_on_commit_callbacks(execute=True):
        times_to_know.refresh(now)

    assert "100.0%" in worker.get("/en/record/").text


def test_a_form_published_or_withdrawn_shows_at_the_next_request(worker, django_capture_on_commit_callbacks):
    form = CourtForm.objects.get(slug="civil-complaint")
    assert 'id="civil-complaint"' in worker.get("/forms/").text

    with django_capture_on_commit_callbacks(execute=True):
        form.unpublish()
    assert 'id="civil-complaint"' not in worker.get("/forms/").text

    with django_capture_on_commit_callbacks(execute=True):
        form.save_revision().publish()
    assert 'id="civil-complaint"' in worker.get("/forms/").text


def test_the_notice_shows_at_the_next_request(worker, django_capture_on_commit_callbacks):
    worker.get("/")

    with django_capture_on_commit_callbacks(execute=True):
        notice = ServiceSettings.load()
        notice.notice_is_shown, notice.notice = True, {"zh-hant": "系統維護"}
        notice.save()

    assert "系統維護" in worker.get("/").text


def test_every_worker_makes_its_pages_anew(worker):
    other = Worker()
    for one in (worker, other):
        assert "改名" not in one.get("/faq/").text
    Page.objects.filter(slug="faq").update(title="改名")

    content_version.shared().change()

    for one in (worker, other):
        assert "改名" in one.get("/faq/").text


def test_what_is_published_while_a_page_is_made_puts_it_out_of_date(worker, monkeypatch):
    def publish_meanwhile(environ, start_response, make=worker.cache.application):
        response = make(environ, start_response)
        Page.objects.filter(slug="faq").update(title="改名")
        content_version.shared().change()
        return response

    monkeypatch.setattr(worker.cache, "application", publish_meanwhile)
    assert "改名" not in worker.get("/faq/").text
    monkeypatch.undo()

    assert "改名" in worker.get("/faq/").text


def test_the_menu_s_new_name_shows_to_a_litigant_too(
    worker, client, litigant, django_capture_on_commit_callbacks
):
    client.force_login(litigant)
    assert "改名後" not in worker.get_as(client, "/about/").text

    with django_capture_on_commit_callbacks(execute=True):
        faq = FaqPage.objects.get(locale__language_code="zh-hant")
        faq.title = "改名後"
        faq.save_revision().publish()

    assert "改名後" in worker.get_as(client, "/about/").text


def test_making_a_page_with_pictures_writes_nothing(worker, client, litigant):
    client.force_login(litigant)
    worker.get_as(client, "/guide/")

    with CaptureQueriesContext(connection) as queries:
        worker.get_as(client, "/guide/")

    assert len(queries) > 3
    written = [each["sql"] for each in queries if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in written if "session" not in sql.lower()] == []


def test_a_page_lasts_no_longer_than_its_day(worker, monkeypatch):
    worker.get("/faq/")
    Page.objects.filter(slug="faq").update(title="改名")
    midnight = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=1), dt.time.min)
    assert cached_pages.next_midnight() == timezone.make_aware(midnight).timestamp()

    monkeypatch.setattr(page_store.time, "time", cached_pages.next_midnight)

    assert "改名" in worker.get("/faq/").text


def test_a_litigant_neither_gets_nor_leaves_a_cached_page(worker, client, litigant):
    of_a_visitor = worker.get("/").text
    client.force_login(litigant)

    assert "/accounts/logout/" not in of_a_visitor
    assert "/accounts/logout/" in worker.get_as(client, "/").text
    assert "/accounts/logout/" not in worker.get("/").text


def test_a_page_first_seen_by_a_litigant_is_not_cached(worker, client, litigant):
    client.force_login(litigant)
    assert "/accounts/logout/" in worker.get_as(client, "/guide/").text

    assert "/accounts/logout/" not in worker.get("/guide/").text


@pytest.mark.parametrize("cookies", ["sessionid=1", "a=b; sessionid=1", "messages=1", "a=b;messages=1"])
def test_who_carries_a_session_or_a_message_tells_who_they_are(cookies):
    assert are_personal(cookies)


def test_other_cookies_are_nobody_s():
    assert not are_personal("csrftoken=1; colour=blue")


@pytest.mark.parametrize("path", NEVER_CACHED)
def test_a_page_with_a_token_or_a_count_is_never_cached(path):
    assert not cached_pages.may_be_cached(path)


@pytest.mark.parametrize("path", ["/accounts/login/", "/search/?q=開庭"])
def test_such_a_page_reaches_django_each_time(worker, path):
    worker.get(path)

    assert not worker.cache.pages.pages


def test_only_a_whole_answer_without_cookie_or_token_is_cached():
    environ = {"PATH_INFO": "/"}
    assert cached_pages.is_same_for_everybody(environ, HttpResponse("page"))

    with_cookie = HttpResponse("page")
    with_cookie.set_cookie("anything", "1")
    assert not cached_pages.is_same_for_everybody(environ, with_cookie)
    assert not cached_pages.is_same_for_everybody(environ | {"CSRF_COOKIE": "token"}, HttpResponse("page"))
    assert not cached_pages.is_same_for_everybody(
        environ, HttpResponse("page", headers={"Cache-Control": "private"})
    )
    assert not cached_pages.is_same_for_everybody(environ, HttpResponse(status=404))
    assert not cached_pages.is_same_for_everybody(environ, StreamingHttpResponse(["page"]))


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT"])
def test_only_a_get_is_answered_from_the_cached_pages(method):
    assert not is_anonymous({"REQUEST_METHOD": method})


def test_errors_are_not_cached(worker):
    assert worker.get("/no-such-page/").status == "404 Not Found"

    assert not worker.cache.pages.pages


def test_a_reader_who_has_the_page_is_told_so(worker):
    tag = worker.get("/faq/").headers["ETag"]

    answer = worker.get("/faq/", if_none_match=tag)

    assert answer.status == "304 Not Modified"
    assert answer.body == b""
    assert answer.headers["ETag"] == tag


@pytest.mark.parametrize(
    ("said", "has_it"),
    [
        ("{tag}", True),
        ("W/{tag}", True),
        ('"other", {tag}', True),
        ("*", True),
        ('"other"', False),
        ("", False),
    ],
)
def test_a_reader_who_names_several_pages_or_a_weak_one_is_understood(worker, said, has_it):
    tag = worker.get("/faq/").headers["ETag"]

    answer = worker.get("/faq/", if_none_match=said.format(tag=tag))

    assert (answer.status == "304 Not Modified") is has_it


def test_made_up_queries_push_out_no_page(worker, django_assert_num_queries):
    worker.get("/faq/")
    worker.get("/forms/?category=civil")
    for number in range(30):
        worker.get(f"/offline/?{number}")

    with django_assert_num_queries(0):
        assert "常見問題" in worker.get("/faq/").text
    assert len(worker.cache.pages_with_query.pages) == 10 // SHARE_OF_QUERIES


def test_made_up_schemes_push_out_no_page(worker):
    for number in range(5):
        worker.get("/offline/", x_forwarded_proto=f"made-up-{number}")

    assert len(worker.cache.pages.pages) == 1


@pytest.mark.parametrize(
    ("said", "over_tls"),
    [("https", True), ("https, http", True), ("http, https", False), ("http", False), ("", False)],
)
def test_the_proxy_s_word_is_read_as_django_reads_it(settings, said, over_tls):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = RequestFactory(headers={"x-forwarded-proto": said}).get("/")

    assert came_over_tls(request.environ) is request.is_secure() is over_tls


def test_the_language_of_a_page_is_its_address_s_not_the_browser_s(worker):
    of_a_german = worker.get("/faq/", accept_language="de, en;q=0.9")

    assert '<html lang="zh-Hant">' in of_a_german.text
    assert worker.get("/faq/", accept_language="zh-TW").body == of_a_german.body


def test_a_host_that_is_not_ours_gets_and_leaves_nothing(worker, settings):
    settings.ALLOWED_HOSTS = ["testserver"]

    answer = worker.get("/faq/", host="evil.example")

    assert answer.status == "400 Bad Request"
    assert "evil.example" not in answer.text
    assert not worker.cache.pages.pages


def test_a_page_names_the_site_s_own_address_whatever_host_was_asked(worker, settings):
    settings.ALLOWED_HOSTS = ["*"]

    assert "other.example" not in worker.get("/faq/", host="other.example").text


def test_a_page_comes_compressed_as_the_reader_takes_it(worker):
    plain = worker.get("/faq/")
    br = worker.get("/faq/", accept_encoding="gzip, deflate, br")
    zipped = worker.get("/faq/", accept_encoding="gzip, br;q=0")

    assert brotli.decompress(br.body) == gzip.decompress(zipped.body) == plain.body
    assert (br.headers["Content-Encoding"], zipped.headers["Content-Encoding"]) == ("br", "gzip")
    assert "Content-Encoding" not in plain.headers
    assert len({answer.headers["ETag"] for answer in (plain, br, zipped)}) == 3
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, br, zipped))
    assert all(int(answer.headers["Content-Length"]) == len(answer.body) for answer in (plain, br, zipped))


def test_a_spreadsheet_is_not_compressed_again(worker):
    answer = worker.get("/case-words/download.xlsx", accept_encoding="br")

    assert "Content-Encoding" not in answer.headers
    assert answer.body.startswith(b"PK")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("br;q=0, gzip", "gzip"),
        ("BR", "br"),
        ("br;q=nonsense", "identity"),
        ("brotli-like, *", "identity"),
    ],
)
def test_accept_encoding_is_read_as_the_rfc_says(accepted, coding):
    assert accepted_coding(accepted) == coding


def test_pages_of_other_hosts_languages_and_queries_are_cached_apart(worker):
    assert worker.get("/faq/").body != worker.get("/en/faq/").body
    assert worker.get("/forms/").body != worker.get("/forms/?category=family").body
    assert worker.get("/forms/?who=party").body != worker.get("/forms/?who=prosecutor").body

    cached = len(worker.cache.pages.pages)
    worker.get("/faq/", host="other.example")
    assert len(worker.cache.pages.pages) == cached + 1


def test_a_cached_page_does_not_hide_the_way_to_https(worker, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    over_tls = worker.get("/faq/", x_forwarded_proto="https")
    settings.SECURE_SSL_REDIRECT = True
    redirecting = Worker()
    redirecting.cache.pages = worker.cache.pages

    unencrypted = redirecting.get("/faq/", x_forwarded_proto="http")

    assert over_tls.status == "200 OK"
    assert unencrypted.status == "301 Moved Permanently"


def test_the_least_used_page_falls_out():
    store = page_store.PageStore(size=2)
    for key in ("a", "b"):
        store.put(key, make_page())
    store.get("a", "1")

    store.put("c", make_page())

    assert [store.get(key, "1") is not None for key in ("a", "b", "c")] == [True, False, True]
    assert store.get("a", "2") is None


def make_page():
    return cached_pages.CachedPage("1", time.time() + 60, '"tag"', [], (b"",))
