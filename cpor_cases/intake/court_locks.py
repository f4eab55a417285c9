"""Who may import a court's file now: one small and one large one at a time for each court, several courts side by side.

A lock is one of the database's own on PostgreSQL, one of the operating system on SQLite. It goes with the process that holds
it: a file whose worker died blocks nobody, and a run whose court is not locked is known to be dead.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from django.db import connection

from cpor_core import conf

ALL = 0  # no court has this key
LONGEST_PAUSE = 1.0  # seconds
# Three series of locks, apart from whatever else locks by number in this database: of large files, of small ones, and of
# what is just being accepted.
_LARGE, _SMALL, _ACCEPTING = 0x43504F52, 0x43504F53, 0x43504F54


def lock_of_court(court_id: int, *, is_small: bool = False) -> AbstractContextManager[bool]:
    """Hold the lock of a court's large or small files alone, beside an import for all courts: enough for a small file, and
    for what changes nothing."""
    return _lock(_SMALL if is_small else _LARGE, court_id, is_shared=False)


def lock_beside_others() -> AbstractContextManager[bool]:
    """Keep out an import for all courts, as whoever imports a large file of a single court must."""
    return _lock(_LARGE, ALL, is_shared=True)


@contextmanager
def lock_for_import(court_id: int | None, *, is_small: bool = False) -> Iterator[bool]:
    """Hold what an import for a court, or for all courts (None), needs; yield whether it was to be had."""
    if court_id is None:
        with _lock(_LARGE, ALL, is_shared=False) as is_ours:
            yield is_ours
    elif is_small:
        with lock_of_court(court_id, is_small=True) as is_ours:
            yield is_ours
    else:
        with lock_beside_others() as is_let_in, lock_of_court(court_id) as is_ours:
            yield is_let_in and is_ours


@contextmanager
def wait_for(court_id: int | None, on_wait: Callable[[], None], *, is_small: bool = False) -> Iterator[None]:
    """Hold what an import needs as soon as it is to be had; `on_wait` is called each time it was not."""
    pause = LONGEST_PAUSE / 20
    while True:
        with lock_for_import(court_id, is_small=is_small) as is_ours:
            if is_ours:
                yield
                return
        on_wait()
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def accept_in_order(court_id: int | None) -> None:
    """Until the end of this transaction, let no other submission of the court (of any court: None) get its number.

    So the number of what was committed earlier is lower, and whoever sees a submission sees all that were accepted before
    it. SQLite lets one transaction write at a time, and so numbers in that order by itself.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        if court_id is None:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ACCEPTING, ALL])
        else:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_ACCEPTING, ALL])
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ACCEPTING, court_id])


def _lock(series: int, key: int, *, is_shared: bool) -> AbstractContextManager[bool]:
    lock = _lock_of_database if connection.vendor == "postgresql" else _lock_of_system
    return lock(series, key, is_shared)


@contextmanager
def _lock_of_database(series: int, key: int, is_shared: bool) -> Iterator[bool]:
    kind = "_shared" if is_shared else ""
    is_ours = _query(f"SELECT pg_try_advisory_lock{kind}(%s, %s)", series, key)
    try:
        yield is_ours
    finally:
        # Of a broken connection nothing is held any more; of a broken transaction, until its connection ends.
        if is_ours and connection.is_usable() and not connection.needs_rollback:
            _query(f"SELECT pg_advisory_unlock{kind}(%s, %s)", series, key)


def _query(query: str, *keys: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, keys)
        return cursor.fetchone()[0]


@contextmanager
def _lock_of_system(series: int, key: int, is_shared: bool) -> Iterator[bool]:
    folder = Path(conf.VAR_DIR) / "court_locks"
    folder.mkdir(exist_ok=True)
    name = f"{key}-small" if series == _SMALL else f"{key}"
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True  # closing the file ends the lock
