"""Whole public pages kept in the worker for strangers, and dropped by all workers when anything is published.

Kept is only what is the same for everybody: a page asked for without a session, that set no cookie and holds
no token. A shared stamp tells every worker that something has changed: a file on one machine, the cache on many.
"""

import hashlib
import os
import threading
import uuid
from collections import OrderedDict
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.http import quote_etag

STAMP = "cpor_pages.page_cache.stamp"
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


def drop_all() -> None:
    """Make every worker forget its pages at its next request."""
    fresh = uuid.uuid4().hex
    if settings.REDIS_URL:
        cache.set(STAMP, fresh, timeout=None)
        return
    path = Path(settings.PAGE_CACHE_STAMP_FILE)
    unfinished = path.with_name(f"{path.name}.{fresh}")
    unfinished.write_text(fresh)
    unfinished.replace(path)  # another inode: seen even within one tick of the clock


def stamp() -> object:
    """Return what changes whenever anything is published."""
    if settings.REDIS_URL:
        return cache.get(STAMP)
    try:
        status = os.stat(settings.PAGE_CACHE_STAMP_FILE)
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


class Kept:
    """The pages of one worker, the least lately used falling out."""

    def __init__(self, most: int):
        self.most = most
        self.pages: OrderedDict = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key, now: object) -> HttpResponse | None:
        """Return the page if it was made under the present stamp."""
        with self.lock:
            made_under, response = self.pages.get(key, (None, None))
            if response is None or made_under != now:
                return None
            self.pages.move_to_end(key)
            return response

    def put(self, key, made_under: object, response: HttpResponse) -> None:
        with self.lock:
            self.pages[key] = (made_under, response)
            self.pages.move_to_end(key)
            while len(self.pages) > self.most:
                self.pages.popitem(last=False)


class PageCacheMiddleware:
    """Answers strangers from the kept pages, before anything else of Django is asked."""

    def __init__(self, get_response):
        if not settings.PAGE_CACHE_PAGES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.kept = Kept(settings.PAGE_CACHE_PAGES)

    def __call__(self, request) -> HttpResponse:
        if not may_be_answered_alike(request):
            return self.get_response(request)
        # The stamp is read before the page is made: what is published meanwhile makes the page old at once.
        now = stamp()
        key = (request.scheme, request.META.get("HTTP_HOST"), request.get_full_path(), timezone.localdate())
        response = self.kept.get(key, now)
        if response is None:
            response = self.get_response(request)
            if not is_alike_for_all(request, response):
                return response
            response = finished(response)
            self.kept.put(key, now, response)
        return fresh_answer(request, response)


def may_be_answered_alike(request) -> bool:
    """Whether the request tells nothing of who asks: no session, no log-in, and a page anybody may read."""
    if request.method != "GET" or "HTTP_AUTHORIZATION" in request.META:
        return False
    if {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys():
        return False
    path = request.path_info.lstrip("/").removeprefix("en/")
    return not path.startswith(NEVER_KEPT)


def is_alike_for_all(request, response) -> bool:
    """Whether the response may be shown to the next stranger too: whole, without cookie, without token."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "CSRF_COOKIE" not in request.META
        and "private" not in response.get("Cache-Control", "")
        and not is_someone(request)
    )


def is_someone(request) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def finished(response: HttpResponse) -> HttpResponse:
    """Return a plain copy that holds nothing of the request, with a tag of its content."""
    copy = HttpResponse(response.content, status=response.status_code)
    for name, value in response.headers.items():
        copy.headers[name] = value
    copy.headers["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    # A browser may keep the page but asks each time whether it still holds.
    copy.headers["Cache-Control"] = "no-cache"
    return copy


def fresh_answer(request, response: HttpResponse) -> HttpResponse:
    """Return a copy to send, or 304 if the reader has it already."""
    if request.META.get("HTTP_IF_NONE_MATCH") == response.headers["ETag"]:
        unchanged = HttpResponseNotModified()
        for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
            if name in response.headers:
                unchanged.headers[name] = response.headers[name]
        return unchanged
    answer = HttpResponse(response.content)
    answer.headers = response.headers
    return answer
