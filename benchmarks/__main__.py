"""`python -m benchmarks [PART …]`: each part prints medians of interleaved runs and their ratios.

A part is a module beside this one, named in PARTS, with `add_arguments(parser)` and `run(options)`. All stand on the
home that DATABASE_URL and REDIS_URL name, in a database of their own, made for the run and dropped after it.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command

PARTS = [
    "import_rows",
    "pages",
    "cases",
    "desk",
    "mail",
]
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    sys.path[1:1] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.base")
    with TemporaryDirectory(prefix="cpor-bench-") as folder, _home_of_its_own(Path(folder)):
        django.setup()
        parts = {name: import_module(f"benchmarks.{name}") for name in PARTS}
        options = _options(parts)
        _fill_database()
        for name in options.parts or PARTS:
            parts[name].run(options)


def _options(parts: dict) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the house is.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each contender; the median counts")
    for part in parts.values():
        part.add_arguments(parser)
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no part is named {', '.join(sorted(unknown))}")
    return options


@contextmanager
def _home_of_its_own(folder: Path) -> Iterator[None]:
    """Point the environment at a folder, a database and a Redis database that nothing else uses; drop them after."""
    os.environ["VAR_DIR"] = str(folder)
    if os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = _at(os.environ["REDIS_URL"], "/2")
    if not os.environ.get("DATABASE_URL"):
        yield
        return
    name = f"bench_{os.getpid()}"
    with psycopg.connect(_at(os.environ["DATABASE_URL"], "/postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            os.environ["DATABASE_URL"] = _at(os.environ["DATABASE_URL"], f"/{name}")
            yield
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _at(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


def _fill_database() -> None:
    for command in ("migrate", "createcachetable", "load_reference_data"):
        call_command(command, verbosity=0, stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())


if __name__ == "__main__":
    main()
