"""Middleware of the project itself."""

import logging
from http import HTTPStatus

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.sessions import middleware as sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.views.defaults import page_not_found

from cpor_cases.accounts import unsaved_forms
from cpor_cases.permissions import may_enter_office
from cpor_core import keys
from cpor_core.office.admin_views import is_for_admin, is_sent_by_open_editor

from .unavailable import is_unavailability

logger = logging.getLogger(__name__)


METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]


class MethodsMiddleware:
    """Answers 405 to methods that nothing here has a use for, TRACE foremost: some views answer every one like a GET."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, and for Wagtail's admin one as tight as it works under.

    A preview is a page of the site, shown in a frame of the office.
    """

    def get_policy_parts(self, request, response, report_only=False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if getattr(request, "is_preview", False):
            # The page as an anonymous visitor gets it, in a frame of the editor's.
            parts.config = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"frame-ancestors": [SELF]}
        elif is_for_admin(request) and not report_only:
            parts.config = settings.OFFICE_CONTENT_SECURITY_POLICY
        return parts


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's, except that a session which ends while a request is under way is no error.

    Whoever only read is led to the same page once more, now without log-in: it opens to everybody, or asks for one.
    What a form did is done; where it leads on, it still does. The cookie stays as it is: a log-in at the same moment
    may have set a new one.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return response  # the session may not even have been read
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            if is_unavailability(error):  # Django takes a row that it could not write for one that is gone
                raise OperationalError("the session could not be written") from error
            return _without_session(request, response)


def _without_session(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.method in {"GET", "HEAD"}:
        answer: HttpResponse = HttpResponseRedirect(request.get_full_path())
    elif 300 <= response.status_code < 400:
        answer = HttpResponseRedirect(response.headers["Location"])
    else:
        answer = redirect(settings.LOGIN_URL)
    add_never_cache_headers(answer)
    return answer


class IdleMiddleware:
    """Each request of a person begins the time anew after which an idle log-in ends; what a page asks by itself does not."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        is_unanswered = response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        if has_session and not is_unanswered and not is_sent_by_open_editor(request):
            unsaved_forms.forget_old(request.session)
            request.session.modified = True
        return response


class LargeBodiesMiddleware:
    """Refuses a large body before it is read, unless it comes from staff: files are handed in in the office alone, and Django
    writes those of any form to the disk before it asks for the token against forgery, let alone the view.

    The interface for the courts' systems bounds its bodies itself, once it knows who calls.
    """

    BOUNDED_THEMSELVES = frozenset({"api", "anymail"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_large(request) and not self._may_be_sent(request):
            raise RequestDataTooBig("a large body that is not from staff")
        return self.get_response(request)

    def _is_large(self, request: HttpRequest) -> bool:
        length = request.META.get("CONTENT_LENGTH") or "0"
        return length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def _may_be_sent(self, request: HttpRequest) -> bool:
        try:
            if resolve(request.path_info).namespace in self.BOUNDED_THEMSELVES:
                return True
        except Resolver404:
            return False
        return may_enter_office(request.user)


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


class KeysMiddleware:
    """Answers 404 where Wagtail or allauth would answer 500 to a number that no row can have.

    Their `<int:…>` takes any number of digits and their views put parameters into queries as they come; the database
    cannot compare what it cannot hold: SQLite's driver raises OverflowError, PostgreSQL DataError, a field ValueError.
    Our own views read keys by `cpor_core.keys`; an error of theirs stays one.
    """

    OF_A_KEY = "expected a number but got"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args: list, kwargs: dict) -> None:
        if any(isinstance(each, int) and each > keys.LARGEST for each in (*args, *kwargs.values())):
            raise Http404

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        is_theirs = request.resolver_match.func.__module__.startswith(("wagtail.", "allauth."))
        if is_theirs and self._is_about_a_key(error):
            logger.info("%s got a number that no row has", request.resolver_match.view_name)
            return page_not_found(request, Http404())
        return None

    def _is_about_a_key(self, error: Exception) -> bool:
        if isinstance(error, (OverflowError, DataError)):
            return True
        return isinstance(error, ValueError) and self.OF_A_KEY in str(error)
