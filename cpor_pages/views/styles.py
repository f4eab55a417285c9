"""The style sheet of a service with an accent of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.views.decorators.gzip import gzip_page

from cpor_core import branded_styles, branding, content_version

YEAR = 365 * 24 * 60 * 60


@gzip_page
def styles(request: HttpRequest, version: str) -> HttpResponse:
    """The usual style sheet with the office's colours. A page of before is led to what is right now."""
    rules = branding.current(request).style_rules
    if not rules:
        return _moved(static(branded_styles.SHEET))
    if version != branded_styles.version_of(rules):
        return _moved(branded_styles.address(request))
    content = content_version.cached(f"branded_styles.{version}", lambda: branded_styles.content_of(rules))
    response = HttpResponse(content, content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response


def _moved(address: str) -> HttpResponse:
    response = redirect(address)
    patch_cache_control(response, no_cache=True)
    return response
