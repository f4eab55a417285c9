"""The answer of /metrics."""

import ipaddress
import os
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from .counters import COUNTED
from .figures import Figures


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer whoever has the token, or asks from this machine where that is allowed; to all others there is no such page."""
    if not _may_read(request):
        return HttpResponseNotFound()
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    now = CollectorRegistry()
    now.register(Figures())
    counted: CollectorRegistry = COUNTED
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    body = encode(counted).removesuffix(b"# EOF\n") + encode(now)
    return HttpResponse(body, content_type=content_type, headers={"Cache-Control": "no-store"})


def _may_read(request: HttpRequest) -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return secrets.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode())
    return settings.METRICS_FROM_LOOPBACK and _is_from_this_machine(request)


def _is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the request came over the loopback interface, and through no proxy."""
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
