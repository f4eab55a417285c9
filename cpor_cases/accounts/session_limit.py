"""The longest time that a log-in lasts, SESSION_MAX_HOURS, however busy it is. An idle one ends with its cookie."""

import time

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import user_logged_in
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cpor_core import conf
from cpor_core.security_log import Event, Reason, record

BEGAN = "session_began_at"


def seconds_left(began: float) -> float:
    """Return for how many seconds a log-in that began then, in seconds of the epoch, may last."""
    return began + conf.SESSION_MAX_HOURS * 3600 - time.time()


def connect() -> None:
    """Connect the receiver, once, when the app is ready."""
    user_logged_in.connect(_note_beginning)


def _note_beginning(sender, request, **kwargs) -> None:
    request.session[BEGAN] = time.time()


def end(request: HttpRequest) -> None:
    """End the log-in of a request, and make the request an anonymous visitor's."""
    record(Event.SESSION_ENDED, reason=Reason.EXPIRED, request=request)
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()
    request.user = AnonymousUser()
    hours = {"hours": conf.SESSION_MAX_HOURS}
    messages.info(request, _("Your log-in has ended: one lasts %(hours)d hours at most.") % hours)
