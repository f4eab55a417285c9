"""The id of each request: in the response's header, in refusals, and in every line logged during the request.

A court's system or the proxy may choose it (X-Request-ID), so that its log and ours name the same call alike. It goes on to
the tasks that the request enqueues and to the mails that it causes.
"""

import re
import uuid

from django.http import HttpRequest, HttpResponse

from . import log_context

HEADER = "X-Request-ID"
PATTERN = r"^[A-Za-z0-9._~-]{1,128}$"
_READABLE = re.compile(PATTERN.strip("^$"))  # with fullmatch: `$` would let a line end pass


def current() -> str:
    """Return the id of the request that this thread answers, or whose task it does; empty outside of one."""
    return str(log_context.current().get("request", ""))


class RequestIdMiddleware:
    """Names each request: as its sender does, or by a new UUID where there is no name or one that cannot be read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        with log_context.scope(request=given if _READABLE.fullmatch(given) else str(uuid.uuid4())):
            response = self.get_response(request)
            response.headers[HEADER] = current()
            return response
