"""A circuit breaker for servers that may be unavailable: after a failure only one call every few seconds is tried."""

import logging
import sqlite3
import threading
import time

logger = logging.getLogger(__name__)

PAUSE = 3.0  # seconds without a call after a failure


class Away(Exception):
    """The server did not answer, or failed so recently that it was not called."""


class CircuitBreaker:
    """`with breaker:` around each call. It raises Away, and only that, for any failure of the server.

    After a failure one call in `pause` seconds is let through, whichever comes first; all others raise Away at once.
    Threads share it; each process has its own.
    """

    def __init__(self, name: str, failures: tuple[type[Exception], ...], pause: float = PAUSE):
        self.name, self.failures, self.pause = name, failures, pause
        self._lock = threading.Lock()
        self._open_until: float | None = None  # None: closed, the server answers

    def __enter__(self) -> None:
        if self._open_until is None:
            return
        with self._lock:
            now = time.monotonic()
            if self._open_until is not None:
                if now < self._open_until:
                    raise Away(self.name)
                self._open_until = now + self.pause

    def __exit__(self, kind, error, _traceback) -> None:
        if error is None or not isinstance(error, self.failures):
            if not isinstance(error, Away):
                self._note_answer()
            return
        self._note_failure(error)
        raise Away(self.name) from error

    @property
    def is_open(self) -> bool:
        """Whether the server failed when it was last called."""
        return self._open_until is not None

    def reset(self) -> None:
        self._open_until = None

    def _note_answer(self) -> None:
        if self._open_until is not None:
            logger.warning("%s answers again", self.name)
            self._open_until = None

    def _note_failure(self, error: Exception) -> None:
        if self._open_until is None:
            logger.error("%s is away: %s", self.name, type(error).__name__)
        self._open_until = time.monotonic() + self.pause


QUEUE_FILE = CircuitBreaker("the file of the queue", (sqlite3.Error, OSError))
