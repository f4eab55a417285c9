"""What every response tells a browser, and what keeps cookies and tokens off the open line."""

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, resolve

from cpor_cases.api.interface import refuse_plain_http
from cpor_core.security_log import Event, Outcome, Reason, record


class SecurityHeadersMiddleware(SecurityMiddleware):
    """Django's security headers and ours, on every response.

    Outermost, because a middleware whose own code raises (a host name that is not allowed, before the redirect to
    https) is answered without its headers. It refuses and redirects nothing itself: that is left to Django's.
    """

    def process_request(self, request: HttpRequest) -> None:
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return super().process_response(request, response)


class NoTokenInTheClearMiddleware:
    """Refuses a call of the API, and whatever carries a token, over plain HTTP where TLS is required.

    Redirected, it would be repeated over TLS and succeed, and nobody would notice that each call sends the token in
    the clear first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and self._is_call(request):
            record(Event.REFUSAL, outcome=Outcome.FAILURE, reason=Reason.PLAIN_HTTP, request=request)
            return refuse_plain_http(request)
        return self.get_response(request)

    def _is_call(self, request: HttpRequest) -> bool:
        if "Authorization" in request.headers:
            return True
        try:
            return resolve(request.path_info).namespace == "api"
        except Resolver404:
            return False


@receiver(user_logged_out)
def _note_log_out(request: HttpRequest, **_signal) -> None:
    if request is not None:
        request.has_logged_out = True


class ClearOnLogOutMiddleware:
    """Has the browser drop what it keeps of a person when they log out, whichever view ended the log-in.

    Cookies go by name: those that belong to the log-in. That this browser is a known one, it may go on knowing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "has_logged_out", False):
            response.headers["Clear-Site-Data"] = '"cache"'
            self._delete_token(response)
        return response

    def _delete_token(self, response: HttpResponse) -> None:
        """Delete the token of the log-in's forms, unless the response brings a new one. Django deletes the session's."""
        if settings.CSRF_COOKIE_NAME not in response.cookies:
            response.delete_cookie(
                settings.CSRF_COOKIE_NAME,
                path=settings.CSRF_COOKIE_PATH,
                domain=settings.CSRF_COOKIE_DOMAIN,
                samesite=settings.CSRF_COOKIE_SAMESITE,
            )
