"""The access log: one line a request, with the name of its view instead of its path, which may hold a secret or a key.

Public pages that a web process serves from memory do not come here.
"""

import logging
import time

from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("cpor.access")

# Sent for each request, with `method`, `route`, `status` and `seconds`.
answered = Signal()

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
OF_MACHINES = {"/healthz": "healthz", "/readyz": "readyz", "/metrics": "metrics"}


class AccessLogMiddleware:
    """Writes the line of each request: directly inside `RequestIdMiddleware`, so that it has the request's id."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        facts = {"method": _method(request), "route": route_name(request), "status": response.status_code}
        answered.send(AccessLogMiddleware, seconds=seconds, **facts)
        level = logging.DEBUG if request.path_info in OF_MACHINES else logging.INFO
        logger.log(level, "answered", extra=facts | {"ms": round(seconds * 1000, 1)})
        return response


def route_name(request: HttpRequest) -> str:
    """Return the name of the view that answered; empty where none was found."""
    if name := OF_MACHINES.get(request.path_info):
        return name
    match = request.resolver_match
    return (match.view_name or match.func.__name__) if match else ""


def _method(request: HttpRequest) -> str:
    return request.method if request.method in METHODS else "other"
