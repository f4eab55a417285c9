"""The tables that hold the rows of one import between reading and storing; only this connection sees them.

Temporary tables are in no backup and no log, take no lock that others wait for, and are gone with the process that made
them. The same statements serve PostgreSQL and SQLite. A value of the export has the type of the model field it is stored in.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import TypeVar

from django.db import connection, models, transaction
from django.utils import timezone

from cpor_cases.models import Case, ProgressEntry

from .columns import CASE_TEXTS, ENTRY_VALUES

Moment = TypeVar("Moment", dt.datetime, None)
_FEW = 1000
_ROWS_A_STATEMENT = 50
_NUMBER_OF_CASE = ("court", "category", "year", "word", "number")


def numbers_of_case() -> list[str]:
    """Return the columns of `Case` that are its number."""
    return [field.column or "" for field in Case._meta.concrete_fields if field.name in _NUMBER_OF_CASE]


def columns_of_entry() -> list[str]:
    """Return the columns of `ProgressEntry` that hold the values of an export."""
    return [column.sql_name for column in ENTRY_VALUES]


def _definitions() -> dict[str, str]:
    """Return the columns of each table in SQL."""
    number = ", ".join(_typed(Case, name) for name in numbers_of_case())
    case = ", ".join([number, *(_typed(Case, column.sql_name) for column in CASE_TEXTS)])
    values = ", ".join(_typed(ProgressEntry, name) for name in columns_of_entry())
    entry_key = ", ".join(_typed(ProgressEntry, name) for name in ("court_id", "entry_id"))
    return {
        "staged": f"line integer PRIMARY KEY, sent_in integer, {entry_key}, {values}, withdrawn boolean",
        # A case as a batch's rows name it, by the first line that names it so, and where that was last; case_line is the
        # first that names the case at all, with whatever facts. In the statements a case goes by that one figure.
        "staged_case": f"line integer PRIMARY KEY, last_line integer UNIQUE, case_line integer, {case}",
        # A rejected row that names an entry: should it be the last of several, the others do not count either.
        "staged_rejected": f"line integer PRIMARY KEY, {entry_key}",
        # Rows that can only be rejected when all have been read: another line counts instead, or another case has the entry.
        "rejected_late": "line integer PRIMARY KEY, counting_line integer",
        # What is stored ahead of the rest: cases, their lines in `staged_case`, and the first line that names the same one.
        "ahead_case": number,
        "ahead": "line integer PRIMARY KEY, case_line integer",
        # What a batch's rows do to the record; rows that change nothing are not in it. Of a truth value PostgreSQL supposes
        # that it holds of half the rows, of a missing entry that there is hardly one: it would join row by row.
        "change_set": "line integer, case_line integer, change varchar(10), entry bigint, is_unknown boolean, case_id bigint, "
        "was_on_hold boolean, may_close boolean, is_news boolean, about_hearing boolean, changes_hearing boolean",
        # The cases a batch makes or sends other facts of, with these as last sent.
        "sent_case": f"case_line integer PRIMARY KEY, {case}, case_id bigint",
        "touched": "case_id bigint PRIMARY KEY, may_close boolean, is_news boolean, about_hearing boolean, may_change_hearing boolean",
        # For a dry run: the cases with news about a hearing or a decision.
        "important_case": "case_id bigint PRIMARY KEY",
    }


OF_THE_RUN = ("staged", "staged_case", "staged_rejected", "rejected_late", "ahead_case", "ahead")
OF_THE_BATCH = ("change_set", "sent_case", "touched", "important_case")


def _typed(model: type[models.Model], column: str) -> str:
    found = next(field for field in model._meta.concrete_fields if field.column == column)
    return f"{column} {found.db_type(connection)}"


@contextmanager
def opened() -> Iterator[None]:
    """Have the tables empty at the start, and gone at the end (emptied where little is in them)."""
    for name, columns in _definitions().items():
        run(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns})")
    empty(*OF_THE_RUN)
    try:
        yield
    finally:
        if connection.is_usable() and not connection.needs_rollback:
            _clear()


def _clear() -> None:
    if count("staged") <= _FEW:
        empty(*OF_THE_RUN)
        return
    for name in (*OF_THE_RUN, *OF_THE_BATCH):
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


def load(table: str, rows: Iterable[tuple]) -> None:
    """Add rows as they come, by COPY, or some rows a statement on SQLite. Meanwhile the connection takes no other query."""
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
    with without_lock(), connection.wrap_database_errors:
        while some := list(islice(rows, _ROWS_A_STATEMENT)):
            statement = _insert(table, len(some[0]), len(some))
            connection.connection.execute(statement, list(chain.from_iterable(some)))


@lru_cache
def _insert(table: str, columns: int, rows: int) -> str:
    places = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {table} VALUES {', '.join([places] * rows)}"  # noqa: S608 (a name of ours)


@lru_cache(8192)
def moment_as_stored(moment: dt.datetime | None) -> str | None:
    """Return a moment as the database writes it."""
    if moment is None:
        return None
    return str(
        moment if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(moment)
    )


def moment_as_read(moment: Moment) -> Moment:
    """Return a moment that was read from the database: SQLite's are in UTC without saying so."""
    return moment.replace(tzinfo=dt.UTC) if moment and timezone.is_naive(moment) else moment


@contextmanager
def without_lock() -> Iterator[None]:
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
