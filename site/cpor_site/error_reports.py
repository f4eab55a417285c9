"""Reports of failures to a server of Sentry, or one that speaks its protocol, where SENTRY_DSN names one.

Each line of the log that is an error is reported once more there, with less: what kind of failure it was, where in the code, and the
facts of the line that are keys (`log_context`). What an exception says stays here, since a database quotes rows in it, and so
do the values of variables, addresses and bodies of requests. The library only sends: none of what it collects by itself is switched on.
"""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from cpor_core import log_context

Event = dict[str, Any]
OF_THE_LINE = (*log_context.NAMES, "method", "route", "status", "outcome", "kind")
OURS = ("cpor",)
"""How the names of loggers begin whose messages name nobody."""
STAYS = {
    "event_id", "timestamp", "level", "logger", "logentry", "exception", "tags", "platform", "release", "environment", "sdk",
}  # fmt: skip


class ReportHandler(logging.Handler):
    """Sends a report of each record. Stands after the filters of the log, which redact it and name its facts."""

    def __init__(self, dsn: str):
        super().__init__(logging.ERROR)
        import sentry_sdk  # of requirements-sentry.txt, which not every site has

        self._client = sentry_sdk.Client(
            dsn=dsn,
            before_send=reduced,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_client_reports=False,
            send_default_pii=False,
            include_local_variables=False,
        )

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._client.capture_event(event_of(record))
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        self._client.close(timeout=2.0)
        super().close()


def event_of(record: logging.LogRecord) -> Event:
    """Return the report of a record."""
    event: Event = {
        "level": record.levelname.lower(),
        "logger": record.name,
        "logentry": {"message": record.getMessage() if record.name.startswith(OURS) else record.name},
        "tags": {name: str(record.__dict__[name]) for name in OF_THE_LINE if name in record.__dict__},
    }
    if record.exc_info and (error := record.exc_info[1]):
        event["exception"] = {"values": [_exception(each) for each in _chain(error)]}
    return event


def reduced(event: Event, _hint: Any = None) -> Event:
    """Return an event without what the library may have added: names of machines and users, versions, requests."""
    return {name: value for name, value in event.items() if name in STAYS}


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return an exception and those it came of, the first first, as Sentry wants them."""
    found: list[BaseException] = []
    while error and error not in found:
        found.insert(0, error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _exception(error: BaseException) -> Event:
    kind = type(error)
    return {
        "type": kind.__qualname__,
        "module": kind.__module__,
        "stacktrace": {"frames": [*_frames(error.__traceback__)]},
    }


def _frames(first: TracebackType | None) -> Iterator[Event]:
    for frame, line in traceback.walk_tb(first):
        module = frame.f_globals.get("__name__", "")
        yield {
            "module": module,
            "function": frame.f_code.co_name,
            "filename": module.replace(".", "/") + ".py",
            "lineno": line,
            "in_app": module.startswith(OURS),
        }
