"""What the service stands on is away for a while: the database does not answer, or a disk is full.

That is no fault of the request, and it passes: instead of an error it is answered with 503, a page that says so in both
languages, or a problem document for a court's system.
"""

import errno
import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views import defaults

from cpor_cases.api.interface import unavailable as unavailable_to_machines

RETRY_SECONDS = 60
# https://www.sqlite.org/rescode.html: busy, locked, read-only, I/O, corrupt, full, cannot open, no database
SQLITE_CODES = {5, 6, 8, 10, 11, 13, 14, 26}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, rollback (deadlock), resources (disk full, too
# many connections), operator (shutting down, statement time-out), system, damaged data; lock not available, read-only
SQLSTATE_CLASSES = {"08", "40", "53", "57", "58", "XX"}
SQLSTATES = {"55P03", "25006"}
ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


def is_unavailability(error: BaseException | None) -> bool:
    """Whether an error comes of something that is away, or of an error that did."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if _says_so(error):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _says_so(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in ERRNOS
    if code := getattr(error, "sqlite_errorcode", None):
        return code & 0xFF in SQLITE_CODES
    if state := getattr(error, "sqlstate", None):
        return state[:2] in SQLSTATE_CLASSES or state in SQLSTATES
    # Of a connection that is gone the driver knows no code. Where it knows one, that is the cause, and comes next.
    return isinstance(error, (OperationalError, InterfaceError)) and not _has_code(error.__cause__)


def _has_code(cause: BaseException | None) -> bool:
    return bool(getattr(cause, "sqlite_errorcode", None) or getattr(cause, "sqlstate", None))


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
    """Answer a request that raised what nobody expected: Django calls this while it handles the error."""
    if not is_unavailability(sys.exc_info()[1]):
        return defaults.server_error(request)
    if request.path_info.startswith("/api/"):
        response = unavailable_to_machines(request, RETRY_SECONDS)
    else:
        response = HttpResponse(get_template("503.html").render(), status=HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    return response
