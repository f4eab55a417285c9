"""Gaps between the batches of a file, in which other processes write to the SQLite database.

A process that waits for its lock tries every tenth of a second: it would miss the instant between two batches, and wait for the
whole file. PostgreSQL gives a lock to whoever has waited longest.
"""

import time

from django.db import connection

from . import temporary_tables as tables

GAP = 0.11  # seconds: SQLite's sqliteDefaultBusyCallback tries every 0.1 s
LONGEST_WITHOUT = 2.0  # seconds


class WriteGaps:
    """The gaps of one file: after each batch while others write as well, else after two seconds."""

    def __init__(self) -> None:
        self.is_needed = connection.vendor == "sqlite"
        self.version: int | None = None
        self.last = 0.0

    def between_batches(self) -> None:
        """Leave a gap if it is time for one. Before the first batch it is not: nothing has been locked."""
        if not self.is_needed:
            return
        [(version,)] = tables.select("PRAGMA data_version")  # another one once another connection has written
        if self.version is None:
            self.last = time.monotonic()
        elif version != self.version or time.monotonic() - self.last > LONGEST_WITHOUT:
            time.sleep(GAP)
            self.last = time.monotonic()
        self.version = version
