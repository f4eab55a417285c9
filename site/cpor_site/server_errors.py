"""Responses to unexpected errors, above all while the database is unavailable or a disk is full.

That is no fault of the request, and it passes: the answer is 503 with a page that says so in both languages. Whatever
fails, a court's system is answered with a problem document.
"""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import defaults

from cpor_cases.api import machine_views
from cpor_core.unavailability import is_unavailability

RETRY_SECONDS = 60


def what_is_away(error: Exception) -> str:
    """Return a sentence for the command line if a command failed because something is away, else nothing."""
    if not is_unavailability(error):
        return ""
    said = (str(error).splitlines() or [type(error).__name__])[0]
    sentence = _(
        "Not done: the database or a disk is not available (%(error)s). Give the command again later."
    )
    return sentence % {"error": said}


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of 500: answer 503 if something is unavailable, else 500; each as a page, or to machines as a problem."""
    is_call = request.path_info.startswith("/api/")
    if is_unavailability(sys.exc_info()[1]):
        response = machine_views.unavailable(request, RETRY_SECONDS) if is_call else _unavailable_page()
    else:
        response = machine_views.failed(request) if is_call else defaults.server_error(request)
    add_never_cache_headers(response)
    return response


def _unavailable_page() -> HttpResponse:
    response = HttpResponse(get_template("503.html").render(), status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
