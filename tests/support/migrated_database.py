"""A database with all migrations done, made once and copied: migrating an empty one takes ten seconds and more.

It is kept until a migration or a requirement changes: on SQLite as a file below var/, on PostgreSQL, for a day more, beside
the tests' own.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings

ROOT = settings.BASE_DIR
FOLDER = ROOT / "var" / "tests"
PREFIX = "cpor_model_"
A_DAY = 24 * 60 * 60


def migrated_file() -> Path:
    """Return the path of an SQLite file with all migrations done. It is only to be read."""
    path = FOLDER / f"{PREFIX}{_state_of_migrations()}.sqlite3"
    with alone(FOLDER):
        if not path.exists():
            for old in FOLDER.glob(f"{PREFIX}*"):
                old.unlink()
            making = path.with_suffix(".making")
            making.unlink(missing_ok=True)
            _migrate(f"sqlite:///{making}")
            making.rename(path)
    return path


def migrated_database() -> str:
    """Return the name of a PostgreSQL database with all migrations done, to be a template."""
    name = f"{PREFIX}{_state_of_migrations()}"
    with alone(FOLDER):
        if not on_server("SELECT 1 FROM pg_database WHERE datname = %s", name):
            _drop_old_ones()
            making = f"making_{os.getpid()}_{name}"
            _migrate(new_database(making))
            on_server(f"COMMENT ON DATABASE \"{making}\" IS '{int(time.time())}'")
            try:
                on_server(f'ALTER DATABASE "{making}" RENAME TO "{name}"')
            except psycopg.errors.DuplicateDatabase:  # made from another folder meanwhile
                drop_database(making)
    return name


def _drop_old_ones() -> None:
    """Drop those made more than a day ago: another version of the project may be tested on the same server."""
    made = "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)"
    for name, seconds in on_server(made, PREFIX):
        if time.time() - int(seconds or 0) > A_DAY:
            drop_database(name)


def fill(connection: sqlite3.Connection) -> None:
    """Copy the migrated file into an SQLite connection."""
    with closing(sqlite3.connect(migrated_file())) as model:
        model.backup(connection)


def new_database(name: str, template: str = "template1") -> str:
    """Make a PostgreSQL database as `template` is, in the place of one of that name; return its address."""
    drop_database(name)
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return _at(name)


def drop_database(name: str) -> None:
    on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def on_server(statement: str, *values: str) -> list[tuple]:
    with psycopg.connect(_at("postgres"), autocommit=True) as server:
        done = server.execute(statement, values)
        return done.fetchall() if done.description else []


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes out that come with the same folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _at(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def _migrate(database_url: str) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cpor_site.settings.base",
        "DATABASE_URL": database_url,
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _state_of_migrations() -> str:
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in {".venv", "var"}]
    return state_of(path for folder in folders for path in folder.glob("**/migrations/*.py"))


def state_of(sources: Iterable[Path]) -> str:
    """Return a name that changes with the content of the sources and with the installed requirements."""
    content = hashlib.sha256()
    for path in [ROOT / "requirements.txt", ROOT / "constraints.txt", *sorted(sources)]:
        content.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return content.hexdigest()[:16]
