"""Which responses are cached, and how one becomes a cached page."""

import datetime as dt
import gzip
import hashlib
from dataclasses import dataclass

import brotli
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import quote_etag

from cpor_core import request_ids
from cpor_core.links import without_language

Headers = list[tuple[str, str]]

NEVER_CACHED = (
    "/accounts/",
    "/cases/",
    "/office/",
    "/documents/",
    "/media/",
    "/styles/",
    "/api/",
    "/search/",
    "/healthz",
    "/readyz",
    "/metrics",
)
COMPRESSED_TYPES = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "application/atom+xml",
)
MIN_COMPRESSED = 500  # bytes; below, the headers outweigh the gain
# What a 304 repeats (RFC 9110, 15.4.5)
HEADERS_OF_UNCHANGED = {"etag", "cache-control", "vary", "content-location", "content-security-policy"}
# The id of a request belongs to it alone, above all one that its sender chose.
REPLACED_HEADERS = {"content-length", "etag", "cache-control", "vary", request_ids.HEADER.lower()}


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A finished answer: nothing of the request that made it is in it."""

    version: str
    good_until: float  # seconds since 1970: what is open or new on a day ends with the day
    etag: str
    headers: Headers
    body: tuple[bytes]

    @property
    def headers_of_unchanged(self) -> Headers:
        return [(name, value) for name, value in self.headers if name.lower() in HEADERS_OF_UNCHANGED]


def may_be_cached(path: str) -> bool:
    """Whether the page at this path is the same for everybody, and nobody counts how often it is read."""
    return not without_language(path).startswith(NEVER_CACHED)


def is_same_for_everybody(environ: dict, response) -> bool:
    """Whether Django's response may be shown to the next anonymous visitor: whole, without cookie, without token."""
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and may_be_cached(environ["PATH_INFO"])
        and not response.cookies
        and "CSRF_COOKIE" not in environ  # Django notes there that it gave a token out
        and "private" not in response.get("Cache-Control", "")
    )


def cached_page(response: HttpResponse, headers: Headers, coding: str, version: str) -> CachedPage:
    """Return the page of a response, compressed as the reader accepts it, with a tag of its content."""
    body = response.content
    if len(body) < MIN_COMPRESSED or not response.get("Content-Type", "").startswith(COMPRESSED_TYPES):
        coding = "identity"
    etag = quote_etag(f"{hashlib.sha256(body).hexdigest()[:32]}-{coding}")
    body = compressed(body, coding)
    headers = [(name, value) for name, value in headers if name.lower() not in REPLACED_HEADERS]
    headers += [
        ("Content-Length", str(len(body))),
        ("ETag", etag),
        # A browser may cache the page but checks each time whether it is still current.
        ("Cache-Control", "no-cache"),
        ("Vary", ", ".join(filter(None, [response.get("Vary"), "Accept-Encoding"]))),
    ]
    if coding != "identity":
        headers.append(("Content-Encoding", coding))
    return CachedPage(version, next_midnight(), etag, headers, (body,))


def compressed(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=6)
    if coding == "gzip":
        return gzip.compress(body, mtime=0)
    return body


def next_midnight() -> float:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time.min, tzinfo=timezone.get_current_timezone()).timestamp()
