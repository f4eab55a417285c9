"""Whole public pages kept in the worker for strangers, and dropped by all workers when anything is published.

Kept is only what is the same for everybody: a page asked for without a session, that set no cookie and holds
no token. The pages are answered before Django is asked at all. A stamp that all workers share says whether
anything has changed since a page was made: a file on one machine, a channel of Redis on many.
"""

import datetime as dt
import gzip
import hashlib
import logging
import os
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import brotli
import redis
from django.conf import settings
from django.http import HttpResponse
from django.http.cookie import parse_cookie
from django.utils import timezone
from django.utils.http import quote_etag
from redis.backoff import NoBackoff
from redis.retry import Retry

from cpor_core import request_ids

logger = logging.getLogger(__name__)

NEVER_KEPT = (
    "accounts/",
    "cases/",
    "office/",
    "documents/",
    "media/",
    "api/",
    "search/",
    "healthz",
    "readyz",
)
COMPRESSED_TYPES = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "application/atom+xml",
)
LEAST_COMPRESSED = 500  # bytes; below, the headers outweigh the gain
# Asking for the stamp costs a tenth of an answer. Within a millisecond nobody has seen what was published.
STAMP_HOLDS = 0.001  # seconds
SHARE_OF_QUERIES = 5  # one page in so many may have a query: the lists narrowed down
SIGN_OF_LIFE_EVERY = 1.0  # seconds
SIGN_OF_LIFE_WITHIN = 0.5  # seconds


class Stamp:
    """What changes, for all workers, whenever anything is published. None: nobody knows, so nothing is kept."""

    def __init__(self):
        self.value: object = None
        self.asked_at = 0.0
        self.lock = threading.Lock()

    def current(self) -> object:
        now = time.monotonic()
        if now - self.asked_at > STAMP_HOLDS:
            with self.lock:
                self.value = self.ask(now)
                self.asked_at = now
        return self.value

    def ask(self, now: float) -> object:
        raise NotImplementedError

    def change(self) -> None:
        raise NotImplementedError


class FileStamp(Stamp):
    """The stamp of one machine: a small file, written anew."""

    def __init__(self, path: str):
        super().__init__()
        self.path = path

    def ask(self, now: float) -> object:
        try:
            status = os.stat(self.path)
        except FileNotFoundError:
            return "never"
        return status.st_ino, status.st_mtime_ns

    def change(self) -> None:
        fresh = uuid.uuid4().hex
        path = Path(self.path)
        unfinished = path.with_name(f"{path.name}.{fresh}")
        unfinished.write_text(fresh)
        unfinished.replace(path)  # another inode: seen even within one tick of the clock


class RedisStamp(Stamp):
    """The stamp of many machines: a call on a channel, heard before the next answer is given.

    When `change` returns, the call lies in every listener's socket, so looking whether something has come in
    is enough. A connection that is lost or silent means: not known.
    """

    def __init__(self, url: str):
        super().__init__()
        self.client = redis.Redis.from_url(
            url,
            socket_connect_timeout=SIGN_OF_LIFE_WITHIN,
            socket_timeout=SIGN_OF_LIFE_WITHIN,
            retry=Retry(NoBackoff(), 0),
        )
        # Channels do not know of numbered databases.
        self.channel = f"cpor_pages.page_cache:{self.client.connection_pool.connection_kwargs.get('db', 0)}"
        self.listening: redis.client.PubSub | None = None
        self.sign_of_life_at = 0.0
        self.lost_at = float("-inf")
        self.owes_call = False

    def ask(self, now: float) -> object:
        if now - self.lost_at < SIGN_OF_LIFE_EVERY:
            return None
        try:
            if self.owes_call:
                self._call()
            if self.listening is None:
                self._listen()
            elif now - self.sign_of_life_at > SIGN_OF_LIFE_EVERY:
                self._demand_sign_of_life()
            elif self.listening.connection.can_read(0):
                self._hear(0)
        except (redis.RedisError, OSError):
            self._hang_up()
            self.lost_at = now
            return None
        return self.value

    def change(self) -> None:
        """Call, or do so as soon as Redis answers: what was published is published without it."""
        self.owes_call = True
        try:
            self._call()
        except (redis.RedisError, OSError):
            self.lost_at = time.monotonic()
            logger.warning("the other workers will be told of a change when Redis answers")

    def _call(self) -> None:
        self.client.publish(self.channel, "")
        # Redis writes to all listeners at the end of the round in which it took the call. Its answer to
        # a second question comes a round later: by then every worker can hear.
        self.client.ping()
        self.owes_call = False

    def _listen(self) -> None:
        self.listening = self.client.pubsub()
        self.listening.subscribe(self.channel)
        self._demand_sign_of_life()

    def _demand_sign_of_life(self) -> None:
        """Ask for an answer and hear all that has come in before it; raise TimeoutError if none comes."""
        self.listening.ping()
        end = time.monotonic() + SIGN_OF_LIFE_WITHIN
        while (left := end - time.monotonic()) > 0:
            if self._hear(left) == "pong":
                self.sign_of_life_at = time.monotonic()
                return
        raise redis.TimeoutError

    def _hear(self, seconds: float) -> str | None:
        """Return the type of the next message. Any but a sign of life makes the kept pages old."""
        message = self.listening.get_message(timeout=seconds)
        if message and message["type"] != "pong":
            self.value = uuid.uuid4()
        return message and message["type"]

    def _hang_up(self) -> None:
        if self.listening is not None:
            self.listening.close()
        self.listening = None


@cache
def shared_stamp() -> Stamp:
    """Return the stamp of this house."""
    if settings.REDIS_URL:
        return RedisStamp(settings.REDIS_URL)
    return FileStamp(settings.PAGE_CACHE_STAMP_FILE)


_remembered: dict[Hashable, tuple[object, object]] = {}


def remembered(what: Hashable, make: Callable):
    """Return what `make()` returned last, as long as nothing was published since; nothing is kept where nobody knows.

    For what many pages share: the stamp that makes kept pages old makes this old too.
    """
    # Read before making: what is published meanwhile makes it old at once.
    now = shared_stamp().current() if settings.PAGE_CACHE_PAGES else None
    known = _remembered.get(what)
    if now is not None and known and known[0] == now:
        return known[1]
    made = make()
    if now is not None:
        _remembered[what] = now, made
    return made


def drop_all() -> None:
    """Make every worker forget its pages before its next answer."""
    shared_stamp().change()


@dataclass(frozen=True, slots=True)
class Page:
    """A finished answer: nothing of the request that made it is in it."""

    made_under: object
    good_until: float  # seconds since 1970: what is open or new on a day ends with the day
    etag: str
    headers: list[tuple[str, str]]
    body: tuple[bytes]

    @property
    def headers_of_unchanged(self) -> list[tuple[str, str]]:
        """What RFC 9110 (15.4.5) wants of a 304."""
        wanted = {"etag", "cache-control", "vary", "content-location", "content-security-policy"}
        return [(name, value) for name, value in self.headers if name.lower() in wanted]


class Kept:
    """The pages of one worker, the least lately used falling out."""

    def __init__(self, most: int):
        self.most = most
        self.pages: OrderedDict[tuple, Page] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: tuple, now: object) -> Page | None:
        """Return the page if it was made under the present stamp and day."""
        page = self.pages.get(key)
        if page is None or page.made_under != now or time.time() >= page.good_until:
            return None
        with suppress(KeyError):  # it fell out this moment: still good
            self.pages.move_to_end(key)
        return page

    def put(self, key: tuple, page: Page) -> None:
        with self.lock:
            self.pages[key] = page
            self.pages.move_to_end(key)
            while len(self.pages) > self.most:
                self.pages.popitem(last=False)


class PageCache:
    """A WSGI application before Django's: answers strangers from the kept pages."""

    def __init__(self, application, *, most: int, stamp: Stamp | None = None):
        self.application = application
        self.kept = Kept(most)
        # Anybody can make up queries without end: they only push out one another.
        self.kept_with_query = Kept(max(most // SHARE_OF_QUERIES, 1))
        self.stamp = stamp or shared_stamp()

    def __call__(self, environ, start_response):
        if not tells_nothing_of_who_asks(environ):
            return self.application(environ, start_response)
        # The stamp is read before the page is made: what is published meanwhile makes the page old at once.
        now = self.stamp.current()
        coding = accepted_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = (
            environ.get("HTTP_HOST"),
            environ["PATH_INFO"],
            environ.get("QUERY_STRING"),
            coding,
            environ["wsgi.url_scheme"],
            came_to_the_proxy_over_tls(environ),
        )
        kept = self.kept_with_query if environ.get("QUERY_STRING") else self.kept
        page = None if now is None else kept.get(key, now)
        if page is None:
            answer = Answer()
            response = self.application(environ, answer.start)
            if now is None or not is_alike_for_all(environ, response):
                start_response(answer.status, answer.headers)
                return response
            page = finished(response, answer.headers, coding, now)
            response.close()
            kept.put(key, page)
        if names(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag):
            start_response("304 Not Modified", page.headers_of_unchanged)
            return ()
        start_response("200 OK", page.headers)
        return page.body


class Answer:
    """What Django's handler says at the head of its response."""

    def start(self, status, headers, exc_info=None) -> None:
        self.status, self.headers = status, headers


def tells_nothing_of_who_asks(environ) -> bool:
    """Whether the request is a stranger's: no session, no message for one person, no log-in."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "HTTP_AUTHORIZATION" not in environ
        and ("HTTP_COOKIE" not in environ or not is_someones(environ["HTTP_COOKIE"]))
    )


def came_to_the_proxy_over_tls(environ) -> bool:
    """As Django reads it (HttpRequest.scheme), and two answers only: made-up values push nothing out."""
    return environ.get("HTTP_X_FORWARDED_PROTO", "").partition(",")[0].strip() == "https"


def names(if_none_match: str, etag: str) -> bool:
    """Whether the reader has the page of this tag already: one of several, or weakened by a proxy (RFC 9110, 13.1.2)."""
    if not if_none_match or if_none_match == etag:
        return bool(if_none_match)
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return if_none_match.strip() == "*" or etag in tags


def is_someones(cookies: str) -> bool:
    personal = {settings.SESSION_COOKIE_NAME, f"{settings.COOKIE_PREFIX}messages"}
    return not personal.isdisjoint(parse_cookie(cookies))


def may_be_kept(path: str) -> bool:
    """Whether a page at this path is for everybody, and its being read is not counted."""
    return not path.lstrip("/").removeprefix("en/").startswith(NEVER_KEPT)


def is_alike_for_all(environ, response) -> bool:
    """Whether Django's response may be shown to the next stranger too: whole, without cookie, without token."""
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and may_be_kept(environ["PATH_INFO"])
        and not response.cookies
        and "CSRF_COOKIE" not in environ  # Django notes there that a token was given out
        and "private" not in response.get("Cache-Control", "")
    )


def finished(response: HttpResponse, headers: list[tuple[str, str]], coding: str, made_under: object) -> Page:
    """Return the page of a response, compressed as the reader takes it, with a tag of its content."""
    body = response.content
    if len(body) < LEAST_COMPRESSED or not response.get("Content-Type", "").startswith(COMPRESSED_TYPES):
        coding = "identity"
    etag = quote_etag(f"{hashlib.sha256(body).hexdigest()[:32]}-{coding}")
    body = compressed(body, coding)
    # The name of a request is nobody else's, least of all one that its sender chose.
    replaced = {"content-length", "etag", "cache-control", "vary", request_ids.HEADER.lower()}
    headers = [(name, value) for name, value in headers if name.lower() not in replaced]
    headers += [
        ("Content-Length", str(len(body))),
        ("ETag", etag),
        # A browser may keep the page but asks each time whether it still holds.
        ("Cache-Control", "no-cache"),
        ("Vary", ", ".join(filter(None, [response.get("Vary"), "Accept-Encoding"]))),
    ]
    if coding != "identity":
        headers.append(("Content-Encoding", coding))
    return Page(made_under, next_midnight(), etag, headers, (body,))


def compressed(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=6)
    if coding == "gzip":
        return gzip.compress(body, mtime=0)
    return body


@lru_cache(256)
def accepted_coding(accepted: str) -> str:
    """Return the best of br, gzip and identity that an Accept-Encoding header allows (RFC 9110, 12.5.3)."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        _, _, weight = parameter.partition("=")
        try:
            weights[name.strip()] = float(weight or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    return next((coding for coding in ("br", "gzip") if weights.get(coding, 0) > 0), "identity")


def next_midnight() -> float:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time.min, tzinfo=timezone.get_current_timezone()).timestamp()
