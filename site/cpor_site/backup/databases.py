"""The database as one file, and back."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

DUMP = "database"


class Failed(Exception):
    """A step could not be done; the message says why, for an operator."""


def dump(file: Path) -> None:
    """Write the database as it is at one moment, while the site runs."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
    else:
        _postgresql("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def check(file: Path) -> None:
    """Raise Failed if `file` is no whole copy of a database of this kind."""
    if connection.vendor != "sqlite":
        _run(["pg_restore", "--list", str(file)], {})
        return
    try:
        with closing(sqlite3.connect(file)) as copy:
            said = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise Failed(f"The copy of the database cannot be read: {error}.") from error
    if said != "ok":
        raise Failed(f"The copy of the database is damaged: {said}.")


def is_empty() -> bool:
    return not connection.introspection.table_names()


def load(file: Path) -> None:
    """Put the copy in the place of whatever the database holds."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            copy.backup(connection.connection)
    else:
        _drop_all_tables()
        _postgresql(
            "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", file
        )
    connection.close()


def _drop_all_tables() -> None:
    with connection.cursor() as cursor:
        tables = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
        if tables:
            cursor.execute(f"DROP TABLE {', '.join(tables)} CASCADE")


def _postgresql(program: str, *arguments: object) -> None:
    """Run one of PostgreSQL's programs on the database of the site; its password is not among the arguments."""
    client, variables = connection.client, connection.settings_dict
    command, environment = client.settings_to_cmd_args_env(variables, [])
    *server, name = command[1:]
    _run([program, *server, f"--dbname={name}", *map(str, arguments)], environment or {})


def _run(command: list[str], environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603
            command,
            env=os.environ | environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
    except FileNotFoundError as error:
        raise Failed(f"{command[0]} is not installed; on Debian: apt install postgresql-client") from error
    if done.returncode:
        raise Failed(f"{command[0]} failed: {done.stderr.strip()}")
