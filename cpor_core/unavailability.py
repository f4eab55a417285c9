"""Whether an error means that something the service depends on is unavailable: the database, Redis, or space on the disk."""

import errno

from django.db import InterfaceError, OperationalError

from cpor_core.circuit_breaker import Away

# https://www.sqlite.org/rescode.html: busy, locked, read-only, I/O, corrupt, full, cannot open, no database
SQLITE_CODES = {5, 6, 8, 10, 11, 13, 14, 26}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, rollback (deadlock), resources (disk full, too
# many connections), operator (shutting down, statement time-out), system, damaged data; lock not available, read-only
SQLSTATE_CLASSES = {"08", "40", "53", "57", "58", "XX"}
SQLSTATES = {"55P03", "25006"}
ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


def is_unavailability(error: BaseException | None) -> bool:
    """Whether an error, or one that it was raised from, means so."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if _says_so(error):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _says_so(error: BaseException) -> bool:
    if isinstance(error, Away):
        return True
    if isinstance(error, OSError):
        return error.errno in ERRNOS
    if code := getattr(error, "sqlite_errorcode", None):
        return code & 0xFF in SQLITE_CODES
    if state := getattr(error, "sqlstate", None):
        return state[:2] in SQLSTATE_CLASSES or state in SQLSTATES
    # The driver has no code for a lost connection. Where it has one, the cause carries it, and is checked next.
    return isinstance(error, (OperationalError, InterfaceError)) and not _has_code(error.__cause__)


def _has_code(cause: BaseException | None) -> bool:
    return bool(getattr(cause, "sqlite_errorcode", None) or getattr(cause, "sqlstate", None))
