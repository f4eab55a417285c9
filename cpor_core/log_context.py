"""What each line of the log says besides its message: the request, the task, and the court and token of a call.

Keys and names of code alone, never anything about a person. The facts hold for the request or task during which a line is written.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

NAMES = ("request", "task", "court", "token")
_facts: ContextVar[dict[str, str | int] | None] = ContextVar("log_facts", default=None)


@contextmanager
def scope(**facts: str | int) -> Iterator[None]:
    """A request or a task: `facts` hold inside, with those that are bound meanwhile, and those of an outer scope."""
    token = _facts.set({**(_facts.get() or {}), **facts})
    try:
        yield
    finally:
        _facts.reset(token)


def bind(**facts: str | int) -> None:
    """Add facts to the scope at hand; outside of one, as in a command, they are dropped."""
    known = _facts.get()
    if known is not None:
        known.update(facts)


def current() -> dict[str, str | int]:
    """Return the facts that hold now."""
    return _facts.get() or {}


class ContextFilter(logging.Filter):
    """Gives a line the facts that hold while it is written, as fields; those that it names itself stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not isinstance(record.__dict__.get("request", ""), str):
            del record.__dict__["request"]  # Django's own, which says who and where
        for name, value in current().items():
            record.__dict__.setdefault(name, value)
        return True
