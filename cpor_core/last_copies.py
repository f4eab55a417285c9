"""The last copy of a public page, shown while the page cannot be made anew because the database does not answer.

A page asks for it with `keep_copy(response)`. Its copy lies below VAR_DIR, so that every process of a machine has it, and
after a new start too. Where its template writes MARK, the copy says of when it is.
"""

import datetime as dt
import hashlib
import logging
import os
import tempfile
from http import HTTPStatus
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone

from cpor_core import conf

logger = logging.getLogger(__name__)

MARK = b"<!-- last copy -->"
FOLDER = "last_copies"


def keep_copy(response: HttpResponse) -> HttpResponse:
    """Have a copy of this answer kept, if it is the same for everybody; return it."""
    response.is_copy_kept = True  # type: ignore[attr-defined]  # read by the middleware alone
    return response


class LastCopyMiddleware:
    """Keeps the copies, and answers with one instead of 503. It stands before all that queries the database."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method != "GET" or request.META.get("QUERY_STRING"):
            return response
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return _last_copy(request) or response
        if getattr(response, "is_copy_kept", False) and _is_same_for_everybody(request, response):
            _keep(request, response.content)
        return response


def _is_same_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    is_personal = request.COOKIES or "CSRF_COOKIE" in request.META or response.cookies
    return response.status_code == HTTPStatus.OK and not is_personal


def _place(request: HttpRequest) -> Path:
    key = hashlib.sha256(f"{request.get_host()} {request.path}".encode()).hexdigest()
    return Path(conf.VAR_DIR) / FOLDER / f"{key}.html"


def _keep(request: HttpRequest, content: bytes) -> None:
    """Write the copy whole or not at all. A disk that takes none costs the copy, not the page."""
    place = _place(request)
    try:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            file.write(content)
        os.replace(file.name, place)
    except OSError:
        logger.exception("the last copy of a page cannot be kept")


def _last_copy(request: HttpRequest) -> HttpResponse | None:
    place = _place(request)
    try:
        content, made_at = place.read_bytes(), place.stat().st_mtime
    except OSError:
        return None
    at = dt.datetime.fromtimestamp(made_at, tz=timezone.get_current_timezone())
    notice = render_to_string("cpor_core/components/last_copy.html", {"at": at})
    # Private: not to be cached as the page itself.
    return HttpResponse(
        content.replace(MARK, notice.encode()), headers={"Cache-Control": "private, no-store"}
    )
