"""What a browser may keep of a person's pages: at a computer that several people use, the next one may press Back."""

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from cpor_core.links import without_language

LOGGED_OUT = "has_logged_out"  # the attribute of the request that notes it


class NeverCacheMiddleware:
    """Lets no browser cache a page of an account, or any page of a person who is logged in.

    A view that sets Cache-Control itself is left alone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and _is_personal(request):
            add_never_cache_headers(response)
        return response


def _is_personal(request: HttpRequest) -> bool:
    if without_language(request.path_info).startswith("/accounts/"):
        return True
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


@receiver(user_logged_out)
def _note_log_out(request: HttpRequest, **_signal) -> None:
    if request is not None:
        setattr(request, LOGGED_OUT, True)


class ClearOnLogOutMiddleware:
    """Has the browser drop its cache and the log-in's cookies when a person logs out, whichever view ended the log-in.

    The cookies are deleted by name, so the one by which the browser is known stays.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, LOGGED_OUT, False):
            response.headers["Clear-Site-Data"] = '"cache"'
            _delete_token(response)
        return response


def _delete_token(response: HttpResponse) -> None:
    """Delete the CSRF token of the log-in, unless the response brings a new one. Django deletes the session's cookie."""
    if settings.CSRF_COOKIE_NAME not in response.cookies:
        response.delete_cookie(
            settings.CSRF_COOKIE_NAME,
            path=settings.CSRF_COOKIE_PATH,
            domain=settings.CSRF_COOKIE_DOMAIN,
            samesite=settings.CSRF_COOKIE_SAMESITE,
        )
