"""Who may take a court's file in now: one at a time for each court, several courts side by side.

A turn is a lock of the database's own on PostgreSQL, of the operating system's on SQLite. It goes with the process that holds
it: a file whose worker died stands in nobody's way, and a run without its turn is known to be dead.
"""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ALL = 0  # no court has this key
LONGEST_PAUSE = 1.0  # seconds
_CPOR = 0x43504F52  # apart from whatever else locks by number in this database

free_again: list[Callable[[], None]] = []
"""What to call when a turn or a place is free again: each rings for what waits."""
# A worker's last thread is never an import's: mail would wait for its end.
_worker_slots = threading.BoundedSemaphore(max(1, settings.HUEY.get("consumer", {}).get("workers", 1) - 1))


@contextmanager
def worker_slot() -> Iterator[bool]:
    """Keep one of this worker's threads for what takes long; whether there was one to be had."""
    is_ours = _worker_slots.acquire(blocking=False)
    try:
        yield is_ours
    finally:
        if is_ours:
            _worker_slots.release()


@contextmanager
def court_lock(court_id: int | None) -> Iterator[bool]:
    """Hold the turn of a court, or of all courts (None); whether it was to be had."""
    locks = [(ALL, False)] if court_id is None else [(ALL, True), (court_id, False)]
    with ExitStack() as held:
        yield all(held.enter_context(_lock(key, is_shared)) for key, is_shared in locks)


@contextmanager
def court_lock_for_dry_run(court_id: int) -> Iterator[bool]:
    """Hold the turn of a court for what changes nothing: a run for all courts does not stand in its way."""
    with _lock(court_id, is_shared=False) as is_ours:
        yield is_ours


@contextmanager
def wait_for(court_id: int | None, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the turn as soon as it is to be had; `waiting` is called each time it was not."""
    pause = LONGEST_PAUSE / 20
    while True:
        with court_lock(court_id) as is_ours:
            if is_ours:
                yield
                return
        waiting()
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def ring_for_what_waits() -> None:
    for ring in free_again:
        ring()


def _lock(key: int, is_shared: bool):
    return (_lock_of_database if connection.vendor == "postgresql" else _lock_of_system)(key, is_shared)


@contextmanager
def _lock_of_database(key: int, is_shared: bool) -> Iterator[bool]:
    kind = "_shared" if is_shared else ""
    is_ours = _ask(f"SELECT pg_try_advisory_lock{kind}(%s, %s)", key)
    try:
        yield is_ours
    finally:
        # Of a broken connection nothing is held any more; of a broken transaction, until its connection ends.
        if is_ours and connection.is_usable() and not connection.needs_rollback:
            _ask(f"SELECT pg_advisory_unlock{kind}(%s, %s)", key)


def _ask(question: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [_CPOR, key])
        return cursor.fetchone()[0]


@contextmanager
def _lock_of_system(key: int, is_shared: bool) -> Iterator[bool]:
    folder = Path(settings.VAR_DIR) / "court_locks"
    folder.mkdir(exist_ok=True)
    with (folder / str(key)).open("w") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True  # closing the file ends the lock
