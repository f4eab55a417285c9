"""Statements whose end nobody waits for at once: PostgreSQL works while the process does something else.

By libpq's own asynchronous interface. What has been sent is executed and committed whatever becomes of the process;
psycopg's pipelines commit only once their end has been sent as well.
"""

from collections.abc import Callable
from functools import partial
from select import select
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

_prepared: WeakKeyDictionary[psycopg.Connection, dict[str, bytes]] = WeakKeyDictionary()


def execute(statement: str, *values) -> Callable[[], None]:
    """Send a statement that returns no rows, with values for its $1, $2 …; return what waits for its end.

    Until that has returned, nothing else may be asked on this connection. It raises DatabaseError if the statement failed.
    """
    connection.ensure_connection()
    server = connection.connection.pgconn
    with connection.wrap_database_errors:
        name = _prepare(statement)
        server.send_query_prepared(name, [str(value).encode() for value in values])
        _send(server)
    return partial(_wait, server)


def no_wait() -> None:
    """Wait for nothing."""


def _prepare(statement: str) -> bytes:
    """Have the statement planned once a connection, and return its name there."""
    known = _prepared.setdefault(connection.connection, {})
    if statement not in known:
        name = f"in_passing_{len(known)}".encode()
        server = connection.connection.pgconn
        server.send_prepare(name, statement.encode())
        _send(server)
        _wait(server)
        known[statement] = name
    return known[statement]


def _send(server) -> None:
    while server.flush():
        select([], [server.socket], [])


def _wait(server) -> None:
    failed = None
    with connection.wrap_database_errors:
        while True:
            while server.is_busy():
                select([server.socket], [], [])
                server.consume_input()
            result = server.get_result()
            if result is None:
                break
            if result.status != ExecStatus.COMMAND_OK:
                failed = result
        if failed:
            raise error_from_result(failed)
