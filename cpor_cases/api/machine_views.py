"""Answers to programs where no operation of the interface answers: always JSON, in the language of Accept-Language, no cookies."""

from django.http import Http404, HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from .problems import Problem, answer


def for_machines(view):
    """Answer in the language of Accept-Language, without cookies, and always in JSON: a machine's address has no page."""

    @csrf_exempt
    def answered(request, *args, **kwargs):
        request.COOKIES = {}
        with translation.override(translation.get_language_from_request(request)):
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                return nothing_at_this_address()
            if isinstance(response, HttpResponseNotAllowed):
                allowed = response["Allow"]
                return answer(
                    Problem(
                        "method-not-allowed",
                        _("Allowed here: %(methods)s.") % {"methods": allowed},
                        Allow=allowed,
                    )
                )
            patch_vary_headers(response, ["Accept-Language"])
            return response

    return answered


def nothing_at_this_address():
    return answer(Problem("not-found", _("There is nothing at this address.")))


@for_machines
def nothing_here(request, **_rest):
    return nothing_at_this_address()


@for_machines
def refuse_plain_http(request):
    """Answer a call that came over plain HTTP (see cpor_cases.api.plain_http.RequireTLSMiddleware)."""
    detail = _(
        "Nothing was imported: calls are answered over https:// only. Change the address. A token that was sent over http:// may have been read on the way; have it revoked and use a new one."
    )
    return answer(Problem("insecure-connection", detail))


@for_machines
def failed(request):
    """Answer a call that failed unexpectedly. What went wrong is for the log alone."""
    detail = _(
        "The service failed, by no fault of the call. Send the same again later; with an Idempotency-Key it is processed only once."
    )
    return answer(Problem("internal-error", detail))


@for_machines
def unavailable(request, retry_seconds: int):
    """Answer a call that failed because the database is away or a disk is full."""
    detail = _(
        "The service cannot do this at the moment: its database or its disk is not available. Send the same again later; with an Idempotency-Key it is processed only once."
    )
    return answer(Problem("unavailable", detail, Retry_After=str(retry_seconds)))
