"""TLS is required for calls with a token."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from cpor_cases.api.machine_views import refuse_plain_http
from cpor_core.security_log import Event, Outcome, Reason, record


class RequireTLSMiddleware:
    """Refuses a call of the API, and any request that carries a token, over plain HTTP where TLS is required.

    If it were redirected, the call would be repeated over TLS and succeed, and nobody would notice that each one sends
    the token unencrypted first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and _is_call(request):
            record(Event.REFUSAL, outcome=Outcome.FAILURE, reason=Reason.PLAIN_HTTP, request=request)
            return refuse_plain_http(request)
        return self.get_response(request)


def _is_call(request: HttpRequest) -> bool:
    if "Authorization" in request.headers:
        return True
    try:
        return resolve(request.path_info).namespace == "api"
    except Resolver404:
        return False
