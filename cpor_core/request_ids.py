"""The id of each request: in the response's header, in refusals, and in every line logged during the request.

A court's system may choose it (X-Request-ID), so that its log and ours name the same call alike.
"""

import logging
import re
import uuid
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
PATTERN = r"^[A-Za-z0-9._~-]{1,128}$"
_READABLE = re.compile(PATTERN.strip("^$"))  # with fullmatch: `$` would let a line end pass
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the id of the request that this thread answers; empty outside of one."""
    return _current.get()


class RequestIdMiddleware:
    """Names each request: as its sender does, or by a new UUID where there is no name or one that cannot be read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        token = _current.set(given if _READABLE.fullmatch(given) else str(uuid.uuid4()))
        try:
            response = self.get_response(request)
            response.headers[HEADER] = current()
            return response
        finally:
            _current.reset(token)


class RequestIdFilter(logging.Filter):
    """Ends a line that was logged during a request with the request's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        if current() and not hasattr(record, "request_id"):
            record.__dict__["request_id"] = current()  # as `extra` does, for formatters that name it
            record.msg, record.args = f"{record.getMessage()} [request {current()}]", None
        return True
