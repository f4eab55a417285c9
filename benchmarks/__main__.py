"""`python -m benchmarks [PART …]`: each part prints medians of interleaved runs and their ratios.

A part is a module beside this one, named in PARTS, with `add_arguments(parser)` and `run(options)`. Each runs in a process
and a home of its own, so that parts may be given in any order and more than once.
"""

import argparse
import os
import signal
import sys
from importlib import import_module
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import django
from django.core.management import call_command

from .homes import copied_home, own_home
from .processes import ends_by_sigterm, wait_or_stop

PARTS = [
    "import_rows",
    "pages",
    "cases",
    "office",
    "mail",
    "time_to_know",
]
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    sys.path[1:1] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpor_site.settings.base")
    ends_by_sigterm()
    with TemporaryDirectory(prefix="cpor-bench-") as folder, own_home(Path(folder)):
        django.setup()
        parts = {name: import_module(f"benchmarks.{name}") for name in PARTS}
        options = _options(parts)
        call_command("load_reference_data", verbosity=0, stdout=StringIO())
        for name in options.parts or PARTS:
            with copied_home(name):
                _run_in_a_process(parts[name], options)


def _run_in_a_process(part: ModuleType, options: argparse.Namespace) -> None:
    process = get_context("fork").Process(target=_run, args=(part, options))
    process.start()
    wait_or_stop(process, process.join)
    if process.exitcode:
        sys.exit(f"{part.__name__} was aborted.")


def _run(part: ModuleType, options: argparse.Namespace) -> None:
    # Ctrl-C reaches all processes; the first one ends the others
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    part.run(options)


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


if __name__ == "__main__":
    main()
