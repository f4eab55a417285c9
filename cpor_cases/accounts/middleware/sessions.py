"""When the session of a log-in ends: idle, after its longest time, or while a request is under way."""

import time
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from allauth.usersessions import middleware as usersessions
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions import middleware as sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from cpor_cases.accounts import session_limit, unsaved_forms
from cpor_core.office.admin_views import is_sent_by_open_editor
from cpor_core.unavailability import is_unavailability

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's, except that a session which ends during a request is no error.

    A request that only read is redirected to the same page, now without log-in: the page opens to everybody, or asks
    for a log-in. A form that was sent has been acted on, and its redirect is kept. The cookie is not touched: a log-in
    at the same moment may have set a new one.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return response  # the session may not even have been read
        if _has_ended_meanwhile(request):
            return _without_session(request, response)
        try:
            return super().process_response(request, response)
        except SessionInterrupted as error:
            if is_unavailability(error):  # Django takes a row that it could not write for one that is gone
                raise OperationalError("the session could not be written") from error
            return _without_session(request, response)


def _has_ended_meanwhile(request: HttpRequest) -> bool:
    """Whether a session that was read, and is not to be written, is gone; of one that is written Django finds out."""
    session = request.session
    is_only_read = session.accessed and not session.modified and not session.is_empty()
    return is_only_read and not session.exists(session.session_key or "")


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
    """Ends a log-in that is idle for half an hour: each request of a person starts the time anew.

    What an open page sends by itself does not. Of pages that are only read the session notes one a minute, which saves
    each of the others a write and a commit; SESSION_COOKIE_AGE has that minute on top.
    """

    READ_IN = "read_in_minute"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        is_unanswered = response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        if has_session and not is_unanswered and not is_sent_by_open_editor(request):
            unsaved_forms.forget_old(request.session)
            self._start_anew(request)
        return response

    def _start_anew(self, request: HttpRequest) -> None:
        if request.session.is_empty():  # after a log-out: it is to be deleted, not begun again
            return
        minute = current_minute()
        if request.method not in SAFE_METHODS or request.session.get(self.READ_IN) != minute:
            request.session[self.READ_IN] = minute


class SessionLimitMiddleware:
    """Ends a log-in that has lasted SESSION_MAX_HOURS.

    The request goes on as an anonymous visitor's: as after an idle log-in, a form that was sent is kept for its person.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            began = request.session.setdefault(session_limit.BEGAN, time.time())
            if session_limit.seconds_left(began) <= 0:
                session_limit.end(request)
        return self.get_response(request)


class UserSessionsMiddleware(usersessions.UserSessionsMiddleware):
    """allauth's, which records when, from where and with which browser a session was last used: each change of these at
    once, and the time once a minute. At every page it would be two queries, a write and a commit of its own.
    """

    RECORDED = "recorded_use"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        use = _use(request)
        if use is None or request.session.get(self.RECORDED) == use:
            return self.get_response(request)
        response = super().__call__(request)
        # Nothing is stored in a session that ended meanwhile, or that is not to be prolonged.
        if _use(request) == use and not is_sent_by_open_editor(request):
            request.session[self.RECORDED] = use
        return response


def _use(request: HttpRequest) -> list | None:
    """Return the minute, the session, and from where and with which browser a person uses it; None for anybody else."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    browser = request.headers.get("User-Agent", "")
    return [current_minute(), request.session.session_key, get_adapter().get_client_ip(request), browser]


def current_minute() -> int:
    """Return the number of the minute, by whichever count."""
    return int(time.time() // 60)
