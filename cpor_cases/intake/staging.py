"""The rows of one import between reading and storing, in tables that only this connection sees.

Checked rows are streamed in here, so that memory does not grow with the file, and from here whole batches go on record in
a few statements. Temporary tables are in no backup and no log, take no lock that others wait for, and are gone with the
process that made them. The same statements serve PostgreSQL and SQLite.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection, transaction

from .checks import CleanRow

_TABLES = (
    """CREATE TEMPORARY TABLE IF NOT EXISTS staged (
        line integer PRIMARY KEY, court_id bigint, category varchar(20), year smallint, word varchar(20), number integer,
        division varchar(20), cause varchar(200), entry_id varchar(60), recorded_at timestamp with time zone,
        kind_id bigint, detail varchar(500), hearing_at timestamp with time zone, courtroom varchar(60),
        withdrawn boolean, case_line integer)""",
    # A rejected row that names an entry: should it be the last of several, the others do not count either.
    "CREATE TEMPORARY TABLE IF NOT EXISTS staged_rejected (line integer PRIMARY KEY, court_id bigint, entry_id varchar(60))",
    # Rows that can only be turned down when all have been read: another line counts instead, or another case has the entry.
    "CREATE TEMPORARY TABLE IF NOT EXISTS turned_down (line integer PRIMARY KEY, counting_line integer)",
    # What a batch's rows do to the record; rows that change nothing are not in it.
    """CREATE TEMPORARY TABLE IF NOT EXISTS verdict (
        line integer, case_line integer, deed varchar(9), entry bigint, case_id bigint,
        was_on_hold boolean, may_close boolean, is_news boolean, is_weighty boolean)""",
    # The cases a batch makes or sends other facts of, with division and cause as last sent.
    """CREATE TEMPORARY TABLE IF NOT EXISTS sent_case (
        case_line integer PRIMARY KEY, court_id bigint, category varchar(20), year smallint, word varchar(20),
        number integer, division varchar(20), cause varchar(200), case_id bigint)""",
    """CREATE TEMPORARY TABLE IF NOT EXISTS touched (
        case_id bigint PRIMARY KEY, may_close boolean, is_news boolean, is_weighty boolean)""",
)
_OF_THE_RUN = ("staged", "staged_rejected", "turned_down")
_OF_THE_BATCH = ("verdict", "sent_case", "touched")
_FEW = 1000


@dataclass
class Span:
    """A batch: the staged rows of some consecutive lines, and the courts they are of."""

    first: int
    last: int = 0
    rows: int = 0
    courts: set[int] = field(default_factory=set)
    case_lines: dict[tuple, int] | None = field(default_factory=dict)
    """By case, the first line that names it: in the statements a case goes by this one figure, not by five columns.
    None when all its rows are staged: nobody asks any more, and a file may be of a million cases."""

    def take(self, row: CleanRow) -> int:
        """Count a row in and return the line by which its case goes."""
        self.last = row.line
        self.rows += 1
        case = row[1:6]
        line = self.case_lines.get(case)
        if line is None:
            line = self.case_lines[case] = row.line
            self.courts.add(row.court_id)
        return line


@contextmanager
def staging() -> Iterator[None]:
    """Have the tables empty at the start, and gone at the end (emptied where little is in them)."""
    for statement in _TABLES:
        run(statement)
    empty(*_OF_THE_RUN)
    try:
        yield
    finally:
        if connection.is_usable() and not connection.needs_rollback:
            _clear()


def _clear() -> None:
    if count("staged") <= _FEW:
        empty(*_OF_THE_RUN)
        return
    for name in (*_OF_THE_RUN, *_OF_THE_BATCH):
        run(f"DROP TABLE {name}")


def empty(*names: str, rows: int = 0) -> None:
    """Take everything out of some of the tables, in which there are about so many `rows`."""
    # On PostgreSQL deleted rows stay in the way of the next batch, and truncating costs entries in its catalogue.
    verb = "TRUNCATE" if connection.vendor == "postgresql" and rows > _FEW else "DELETE FROM"
    for name in names:
        run(f"{verb} {name}")


def count(name: str) -> int:
    return select(f"SELECT count(*) FROM {name}")[0][0]  # noqa: S608 (a name of ours)


def count_between(first: int, last: int) -> int:
    """Return how many rows are staged between two lines."""
    return select("SELECT count(*) FROM staged WHERE line BETWEEN %s AND %s", first, last)[0][0]


def run(statement: str, *values) -> int:
    """Execute one statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def select(statement: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def add(rows: Iterator[tuple]) -> None:
    """Stage checked rows as they come, each with the line by which its case goes: by COPY, or executemany on SQLite.

    While they come, nothing else may be asked of the database.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with transaction.atomic(), cursor.copy("COPY staged FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        with _without_lock():
            cursor.executemany(
                "INSERT INTO staged VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                rows,
            )


@lru_cache(8192)
def moment_as_stored(moment: dt.datetime | None) -> str | None:
    """Return a moment in the words of the database."""
    if moment is None:
        return None
    return str(
        moment if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(moment)
    )


def add_rejected(keys: Iterable[tuple[int, int, str]]) -> None:
    """Remember which entries rejected rows name: (line, court, entry_id)."""
    if not (keys := list(keys)):
        return
    with _without_lock(), connection.cursor() as cursor:
        cursor.executemany("INSERT INTO staged_rejected VALUES (%s, %s, %s)", keys)


@contextmanager
def _without_lock() -> Iterator[None]:
    """On SQLite, one transaction for many rows that does not lock the file: temporary tables have one of their own."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("COMMIT")


def settle() -> int:
    """Turn down the staged rows whose entry a later line names as well, and return how many they are."""
    if connection.vendor == "postgresql":
        run("ANALYZE staged (line, court_id, entry_id, case_line)")
    repeated = run(
        """INSERT INTO turned_down (line, counting_line)
        SELECT staged.line, latest.line FROM staged JOIN (
            SELECT court_id, entry_id, max(line) AS line FROM (
                SELECT court_id, entry_id, line FROM staged UNION ALL
                SELECT court_id, entry_id, line FROM staged_rejected
            ) AS named GROUP BY court_id, entry_id HAVING count(*) > 1
        ) AS latest ON latest.court_id = staged.court_id AND latest.entry_id = staged.entry_id
        WHERE staged.line < latest.line"""
    )
    if repeated:
        run("DELETE FROM staged WHERE line IN (SELECT line FROM turned_down)")
    return repeated


def turned_down(first: int, last: int) -> dict[int, int | None]:
    """Return the rows turned down between two lines, with the line that counts instead where it is for that."""
    found = select("SELECT line, counting_line FROM turned_down WHERE line BETWEEN %s AND %s", first, last)
    return dict(found)
