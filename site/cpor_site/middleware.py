"""Middleware of the project itself."""

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from cpor_cases import typed_text


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, and below /office/ one as tight as Wagtail's admin works under.

    A preview is a page of the site, shown in a frame of the office.
    """

    def get_policy_parts(self, request, response, report_only=False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if getattr(request, "is_preview", False):
            # The page as a stranger gets it, in a frame of the editor's.
            parts.config = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"frame-ancestors": [SELF]}
        elif request.path_info.startswith("/office/") and not report_only:
            parts.config = settings.OFFICE_CONTENT_SECURITY_POLICY
        return parts


# What a page asks by itself while nobody is at the desk: Wagtail's editor says every ten seconds that it is open.
ASKED_BY_NOBODY = "/office/editing-sessions/"


class IdleMiddleware:
    """Each request of a person begins the time anew after which an idle log-in ends; what a page asks by itself does not."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and not request.path_info.startswith(ASKED_BY_NOBODY):
            typed_text.forget_old(request.session)
            request.session.modified = True
        return response


class KeptByNobodyMiddleware:
    """What a person gets who is logged in, and every page of an account, no browser keeps: at a computer that several
    people use, the next one may press Back. A view that says itself who may keep it is left alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and self._is_somebodys(request):
            add_never_cache_headers(response)
        return response

    def _is_somebodys(self, request: HttpRequest) -> bool:
        if request.path_info.removeprefix("/en").startswith("/accounts/"):
            return True
        return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
