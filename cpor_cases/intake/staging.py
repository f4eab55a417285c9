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
from itertools import chain, islice

from django.db import connection, transaction

from .checks import CleanRows

_TABLES = (
    """CREATE TEMPORARY TABLE IF NOT EXISTS staged (
        line integer PRIMARY KEY, sent_in integer, court_id bigint, entry_id varchar(60),
        recorded_at timestamp with time zone, kind_id bigint, detail varchar(500),
        hearing_at timestamp with time zone, courtroom varchar(60), withdrawn boolean)""",
    # A case as a batch's rows name it, by the first line that names it so, and where that was last; case_line is the first
    # that names the case at all, with whatever division and cause. In the statements a case goes by that one figure.
    """CREATE TEMPORARY TABLE IF NOT EXISTS staged_case (
        line integer PRIMARY KEY, last_line integer UNIQUE, case_line integer, court_id bigint, category varchar(20),
        year smallint, word varchar(20), number integer, division varchar(20), cause varchar(200))""",
    # A rejected row that names an entry: should it be the last of several, the others do not count either.
    "CREATE TEMPORARY TABLE IF NOT EXISTS staged_rejected (line integer PRIMARY KEY, court_id bigint, entry_id varchar(60))",
    # Rows that can only be turned down when all have been read: another line counts instead, or another case has the entry.
    "CREATE TEMPORARY TABLE IF NOT EXISTS rejected_late (line integer PRIMARY KEY, counting_line integer)",
    # What a batch's rows do to the record; rows that change nothing are not in it. Of a truth value PostgreSQL supposes that
    # it holds of half the rows, of a missing entry that there is hardly one: it would join row by row.
    """CREATE TEMPORARY TABLE IF NOT EXISTS change_set (
        line integer, case_line integer, change varchar(9), entry bigint, is_unknown boolean, case_id bigint,
        was_on_hold boolean, may_close boolean, is_news boolean, is_important boolean)""",
    # The cases a batch makes or sends other facts of, with division and cause as last sent.
    """CREATE TEMPORARY TABLE IF NOT EXISTS sent_case (
        case_line integer PRIMARY KEY, court_id bigint, category varchar(20), year smallint, word varchar(20),
        number integer, division varchar(20), cause varchar(200), case_id bigint)""",
    """CREATE TEMPORARY TABLE IF NOT EXISTS touched (
        case_id bigint PRIMARY KEY, may_close boolean, is_news boolean, is_important boolean)""",
)
_OF_THE_RUN = ("staged", "staged_case", "staged_rejected", "rejected_late")
_OF_THE_BATCH = ("change_set", "sent_case", "touched")
_FEW = 1000
_ROWS_A_STATEMENT = 50
LAST_LINE = 2**31 - 1


@dataclass
class Batch:
    """A batch: the staged rows of some consecutive lines, and the courts they are of."""

    first: int
    last: int = 0
    rows: int = 0
    courts: set[int] = field(default_factory=set)


@dataclass
class OpenBatch(Batch):
    """A batch of which more rows are coming."""

    _first_lines: dict[tuple, int] = field(default_factory=dict)
    """By case as sent."""
    _last_lines: dict[int, int] = field(default_factory=dict)
    """By first line."""

    def take(self, rows: CleanRows) -> Iterator[tuple]:
        """Count rows in and return them as they are staged."""
        self.last = rows.line[-1]
        self.rows += len(rows.line)
        sent_in = list(map(self._first_lines.setdefault, rows.case, rows.line))
        self._last_lines.update(zip(sent_in, rows.line, strict=True))
        return zip(
            rows.line,
            sent_in,
            [case[0][0] for case in rows.case],
            rows.entry_id,
            map(moment_as_stored, rows.recorded_at),
            rows.kind_id,
            rows.detail,
            map(moment_as_stored, rows.hearing_at),
            rows.courtroom,
            rows.withdrawn,
            strict=True,
        )

    def closed(self) -> tuple[Batch, Iterator[tuple]]:
        """Return the batch without its cases, which may be a million in a file, and those as they are staged."""
        return Batch(self.first, self.last, self.rows, self._courts()), self._cases()

    def _courts(self) -> set[int]:
        return {series[0] for series, *_rest in self._first_lines}

    def _cases(self) -> Iterator[tuple]:
        case_lines: dict[tuple, int] = {}
        for case, line in self._first_lines.items():
            series, number, division, cause = case
            case_line = case_lines.setdefault((series, number), line)
            yield line, self._last_lines[line], case_line, *series, number, division, cause


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


def add(rows: Iterable[tuple]) -> None:
    """Stage checked rows as they come, by COPY, or some rows a statement on SQLite. Meanwhile nothing else may be asked of the database."""
    _load("staged", 10, rows)


def add_cases(cases: Iterable[tuple]) -> None:
    """Stage the cases of a batch as its rows name them."""
    _load("staged_case", 10, cases)


def _load(table: str, columns: int, rows: Iterable[tuple]) -> None:
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor,
            transaction.atomic(),
            cursor.copy(f"COPY {table} FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    # Many rows a statement: a fifth less time than executemany, of which Django's own keeps all rows that it passes on.
    rows = iter(rows)
    with _without_lock(), connection.wrap_database_errors:
        while some := list(islice(rows, _ROWS_A_STATEMENT)):
            connection.connection.execute(_insert(table, columns, len(some)), list(chain.from_iterable(some)))


@lru_cache
def _insert(table: str, columns: int, rows: int) -> str:
    places = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {table} VALUES {', '.join([places] * rows)}"  # noqa: S608 (a name of ours)


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
        run("ANALYZE staged (line, sent_in, court_id, entry_id), staged_case (line, case_line)")
    repeated = run(
        """INSERT INTO rejected_late (line, counting_line)
        SELECT staged.line, latest.line FROM staged JOIN (
            SELECT court_id, entry_id, max(line) AS line FROM (
                SELECT court_id, entry_id, line FROM staged UNION ALL
                SELECT court_id, entry_id, line FROM staged_rejected
            ) AS named GROUP BY court_id, entry_id HAVING count(*) > 1
        ) AS latest ON latest.court_id = staged.court_id AND latest.entry_id = staged.entry_id
        WHERE staged.line < latest.line"""
    )
    if repeated:
        _take_out_rejected(0, LAST_LINE)
    return repeated


def reject_moved(batch: Batch) -> None:
    """Turn down the rows of the batch whose entry stands in another case on record."""
    run("INSERT INTO rejected_late (line) SELECT line FROM change_set WHERE change = 'moved'")
    run("DELETE FROM change_set WHERE change = 'moved'")
    _take_out_rejected(batch.first, batch.last)


def _take_out_rejected(first: int, last: int) -> None:
    """Let what is turned down between two lines count for nothing: a case is as the rows that stay name it."""
    lines = first, last
    # Only joins, and only the cases concerned: where one line of a million is repeated, all else must not be gone through.
    run(
        """UPDATE staged_case SET last_line = NULL WHERE line IN (
            SELECT staged.sent_in FROM rejected_late JOIN staged ON staged.line = rejected_late.line
            WHERE rejected_late.line BETWEEN %s AND %s)""",
        *lines,
    )
    run(
        "DELETE FROM staged WHERE line IN (SELECT line FROM rejected_late WHERE line BETWEEN %s AND %s)",
        *lines,
    )
    run(
        """UPDATE staged_case SET last_line = kept.line FROM (
            SELECT staged.sent_in, max(staged.line) AS line FROM staged
            JOIN staged_case AS concerned ON concerned.line = staged.sent_in AND concerned.last_line IS NULL
            WHERE staged.line BETWEEN %s AND %s GROUP BY staged.sent_in
        ) AS kept WHERE kept.sent_in = staged_case.line""",
        *lines,
    )
    run("DELETE FROM staged_case WHERE last_line IS NULL")


def rejected_late(first: int, last: int) -> dict[int, int | None]:
    """Return the rows turned down between two lines, with the line that counts instead where it is for that."""
    found = select("SELECT line, counting_line FROM rejected_late WHERE line BETWEEN %s AND %s", first, last)
    return dict(found)
