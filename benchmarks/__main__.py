"""`python -m benchmarks [PART …]`: each part prints medians of interleaved runs and their ratios.

A part is a module beside this one, named in PARTS, with `add_arguments(parser)` and `run(options)`. Each runs in a process
and a database of its own, of the kind that DATABASE_URL and REDIS_URL name: a copy of one made for the run, dropped after it.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connection, connections

PARTS = [
    "import_rows",
    "pages",
    "cases",
    "office",
    "mail",
]
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    sys.path[1:1] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.base")
    with TemporaryDirectory(prefix="cpor-bench-") as folder, _database_of_its_own(Path(folder)):
        django.setup()
        parts = {name: import_module(f"benchmarks.{name}") for name in PARTS}
        options = _options(parts)
        _fill_database()
        connections.close_all()
        for name in options.parts or PARTS:
            with _copy_of_database(name):
                _run_in_a_process(parts[name], options)


def _run_in_a_process(part: ModuleType, options: argparse.Namespace) -> None:
    process = get_context("fork").Process(target=part.run, args=(options,))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{part.__name__} was aborted.")


@contextmanager
def _copy_of_database(part: str) -> Iterator[None]:
    """Let Django, and the processes that a part starts, use a copy of the filled database."""
    original, url = connection.settings_dict["NAME"], os.environ.get("DATABASE_URL")
    copy = f"{original}_{part}"
    if connection.vendor == "postgresql":
        _on_server(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
        os.environ["DATABASE_URL"] = _at(url, f"/{copy}")
    else:
        shutil.copyfile(original, copy)
        os.environ["DATABASE_URL"] = f"sqlite:///{copy}"
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.settings_dict["NAME"] = original
        if connection.vendor == "postgresql":
            os.environ["DATABASE_URL"] = url
            _on_server(f'DROP DATABASE "{copy}" WITH (FORCE)')
        else:
            os.environ.pop("DATABASE_URL")


def _options(parts: dict) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the project is.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each contender; the median counts")
    for part in parts.values():
        part.add_arguments(parser)
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no part is named {', '.join(sorted(unknown))}")
    return options


@contextmanager
def _database_of_its_own(folder: Path) -> Iterator[None]:
    """Point the environment at a folder, a database and a Redis database that nothing else uses; drop them after."""
    os.environ["VAR_DIR"] = str(folder)
    if os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = _at(os.environ["REDIS_URL"], "/2")
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        os.environ.pop("DATABASE_URL", None)
        yield
        return
    name = f"bench_{os.getpid()}"
    _on_server(f"CREATE DATABASE {name}")
    url = os.environ["DATABASE_URL"]
    try:
        os.environ["DATABASE_URL"] = _at(url, f"/{name}")
        yield
    finally:
        os.environ["DATABASE_URL"] = url
        _on_server(f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(statement: str) -> None:
    with psycopg.connect(_at(os.environ["DATABASE_URL"], "/postgres"), autocommit=True) as server:
        server.execute(statement)


def _at(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


def _fill_database() -> None:
    for command in ("migrate", "createcachetable", "load_reference_data"):
        call_command(command, verbosity=0, stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())


if __name__ == "__main__":
    main()
