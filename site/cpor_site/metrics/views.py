"""The answer of /metrics."""

import os

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from .counters import COUNTED
from .figures import Figures
from .readers import has_token, is_from_this_machine


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
    return has_token(request) or (settings.METRICS_FROM_LOOPBACK and is_from_this_machine(request))
