"""The offline page, the same for everybody, and the service worker that caches it."""

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control

from cpor_core import branded_styles, languages

TEMPLATE = "cpor_pages/offline.html"


def offline(request: HttpRequest) -> HttpResponse:
    """The offline page. It depends on the language alone, so it never holds personal data."""
    return HttpResponse(_page())


@cache_control(max_age=24 * 60 * 60)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, whose scope is the whole site. Its text changes with the version of what it caches."""
    pages = {}
    contents = []
    for language in languages.codes():
        with translation.override(language):
            pages[reverse("wagtail_serve", args=[""])] = reverse("offline")
            contents.append(_page())
    cached = [*pages.values(), branded_styles.address()]
    version = hashlib.sha256("".join([*contents, *cached]).encode()).hexdigest()[:12]
    longest_first = sorted(pages.items(), key=lambda page: -len(page[0]))
    context = {"version": version, "cached": json.dumps(cached), "pages": json.dumps(longest_first)}
    return render(
        request, "cpor_pages/service-worker.js", context, content_type="text/javascript; charset=utf-8"
    )


def _page() -> str:
    return render_to_string(TEMPLATE)
