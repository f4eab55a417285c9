"""The home of a run: folder, database, queue and cache of its own, gone after it, and a copy of it for each part.

It is of the kind that DATABASE_URL and REDIS_URL name. A run that was killed leaves databases on the server, which the next
run takes away.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

PREFIX = "cpor_bench_"
LOCKS = 2611  # the class of the advisory locks by which runs tell each other that they are alive
REDIS_DATABASE = "/8"  # the tests use 1 to 7 and 9 to 15, a site by itself 0


@contextmanager
def own_home(folder: Path) -> Iterator[None]:
    """Point the environment at a folder, a migrated database and a Redis database; drop them after.

    Django's settings are to be read within, not before.
    """
    os.environ["VAR_DIR"] = str(folder)
    os.environ["TMPDIR"] = str(folder)  # a peer leaves locks there
    os.environ["SECURITY_LOG"] = str(folder / "security.log")  # the terminal has the figures alone
    if os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = _at(os.environ["REDIS_URL"], REDIS_DATABASE)
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        os.environ.pop("DATABASE_URL", None)
        from tests.support.migrated_database import migrated_file

        shutil.copyfile(migrated_file(), folder / "site.sqlite3")
        _copy_static_files(folder)
        yield
        return
    name, url = f"{PREFIX}{os.getpid()}", os.environ["DATABASE_URL"]
    with psycopg.connect(_at(url, "/postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s, %s)", (LOCKS, os.getpid()))
        _drop_leftovers(server)
        os.environ["DATABASE_URL"] = _at(url, f"/{name}")
        from tests.support.migrated_database import migrated_database, new_database

        try:
            new_database(name, template=migrated_database())
            _copy_static_files(folder)
            yield
        finally:
            os.environ["DATABASE_URL"] = url
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _drop_leftovers(server: psycopg.Connection) -> None:
    """Drop the databases of runs that were killed: nobody holds their locks any more. One's own is free for a new one."""
    for (name,) in server.execute("SELECT datname FROM pg_database").fetchall():
        run = re.match(rf"{PREFIX}(\d+)", name)
        if not run:
            continue
        lock = LOCKS, int(run[1])
        if server.execute("SELECT pg_try_advisory_lock(%s, %s)", lock).fetchone() == (True,):
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


@contextmanager
def copied_home(part: str) -> Iterator[None]:
    """Let Django, and the processes that a part starts, use a copy of the database, and an emptied Redis database."""
    from django.db import connection, connections

    connections.close_all()
    original, url = connection.settings_dict["NAME"], os.environ.get("DATABASE_URL")
    copy = f"{original}_{part}"
    _remove(copy)
    if connection.vendor == "postgresql":
        _on_server(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
        os.environ["DATABASE_URL"] = _at(url, f"/{copy}")
    else:
        shutil.copyfile(original, copy)
        os.environ["DATABASE_URL"] = f"sqlite:///{copy}"
    connection.settings_dict["NAME"] = copy
    _empty_redis()
    try:
        yield
    finally:
        connection.settings_dict["NAME"] = original
        if url:
            os.environ["DATABASE_URL"] = url
        else:
            os.environ.pop("DATABASE_URL")
        _remove(copy)
        _empty_redis()


def _remove(database: str) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        _on_server(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        return
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)


def _copy_static_files(folder: Path) -> None:
    from tests.support.collected_static import collected_static

    shutil.copytree(collected_static(), folder / "static")


def _empty_redis() -> None:
    if os.environ.get("REDIS_URL"):
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as server:
            server.flushdb()


def _on_server(statement: str) -> None:
    with psycopg.connect(_at(os.environ["DATABASE_URL"], "/postgres"), autocommit=True) as server:
        server.execute(statement)


def _at(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))
