"""Who may import a court's file now: one at a time for each court, several courts side by side.

A lock is one of the database's own on PostgreSQL, one of the operating system on SQLite. It goes with the process that holds
it: a file whose worker died blocks nobody, and a run whose court is not locked is known to be dead.
"""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import cast

from django.conf import settings
from django.db import connection

from cpor_core import conf

ALL = 0  # no court has this key
LONGEST_PAUSE = 1.0  # seconds
_CPOR = 0x43504F52  # apart from whatever else locks by number in this database

# A worker's last thread is never an import's: mail would wait for its end.
_consumer = cast(dict[str, int], settings.HUEY.get("consumer", {}))
_worker_slots = threading.BoundedSemaphore(max(1, _consumer.get("workers", 1) - 1))


@contextmanager
def worker_slot() -> Iterator[bool]:
    """Keep one of this worker's threads for what takes long; yield whether there was one to be had."""
    is_ours = _worker_slots.acquire(blocking=False)
    try:
        yield is_ours
    finally:
        if is_ours:
            _worker_slots.release()


def lock_of_court(court_id: int) -> AbstractContextManager[bool]:
    """Hold the lock of a court alone, beside an import for all courts: enough for what changes nothing."""
    return _lock(court_id, is_shared=False)


def lock_beside_others() -> AbstractContextManager[bool]:
    """Keep out an import for all courts, as whoever imports for a single court must."""
    return _lock(ALL, is_shared=True)


@contextmanager
def lock_for_import(court_id: int | None) -> Iterator[bool]:
    """Hold what an import for a court, or for all courts (None), needs; yield whether it was to be had."""
    if court_id is None:
        with _lock(ALL, is_shared=False) as is_ours:
            yield is_ours
    else:
        with lock_beside_others() as is_let_in, lock_of_court(court_id) as is_ours:
            yield is_let_in and is_ours


@contextmanager
def wait_for(court_id: int | None, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold what an import needs as soon as it is to be had; `on_wait` is called each time it was not."""
    pause = LONGEST_PAUSE / 20
    while True:
        with lock_for_import(court_id) as is_ours:
            if is_ours:
                yield
                return
        on_wait()
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _lock(key: int, *, is_shared: bool) -> AbstractContextManager[bool]:
    return (_lock_of_database if connection.vendor == "postgresql" else _lock_of_system)(key, is_shared)


@contextmanager
def _lock_of_database(key: int, is_shared: bool) -> Iterator[bool]:
    kind = "_shared" if is_shared else ""
    is_ours = _query(f"SELECT pg_try_advisory_lock{kind}(%s, %s)", key)
    try:
        yield is_ours
    finally:
        # Of a broken connection nothing is held any more; of a broken transaction, until its connection ends.
        if is_ours and connection.is_usable() and not connection.needs_rollback:
            _query(f"SELECT pg_advisory_unlock{kind}(%s, %s)", key)


def _query(query: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, [_CPOR, key])
        return cursor.fetchone()[0]


@contextmanager
def _lock_of_system(key: int, is_shared: bool) -> Iterator[bool]:
    folder = Path(conf.VAR_DIR) / "court_locks"
    folder.mkdir(exist_ok=True)
    with (folder / str(key)).open("w") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True  # closing the file ends the lock
