"""`make bench` at tiny sizes, on the kind of home that the suite has. Peers that are not installed are left out, and named."""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.__main__ import PARTS
from benchmarks.homes import PREFIX
from tests.support.migrated_database import on_server
from tests.support.running_site import PATIENCE, wait_for

ROOT = Path(__file__).resolve().parents[2]
PEERS = {
    "import_export": "django-import-export",
    "post_office": "django-post_office",
    "mailer": "django-mailer",
    "gunicorn": "gunicorn",
}
SIZES = (
    "--rounds 1 --rows 200 --peer-rows 50 --few-cases 300 --many-cases 310 --entries-a-case 1 --own-cases 1 20 "
    "--office-cases 60 --office-applications 60 --mails 5 --page-seconds 0 "
    "--file-rows 20 --waiting-mails 5 --small-file-rows 3 --probes 1 --every 0"
)
TITLES = [
    "Import of 200 rows",
    "Pages a second",
    "/cases/ with 20 of 310 cases",
    "The clerk's first page",
    "Mail, the plain way beside each trick",
    "Mail over TLS",
    "Time to know",
]


@pytest.fixture
def start(tmp_path):
    """Start `make bench` with a folder for temporary files that nothing else uses."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cpor_site.settings.base",
        "TMPDIR": str(tmp_path),
    }
    started = []

    def start(*arguments: str) -> subprocess.Popen:
        run = subprocess.Popen(
            [sys.executable, "-m", "benchmarks", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(run)
        return run

    yield start
    for run in started:
        run.terminate()
        run.communicate()


def left_over(folder: Path, run: subprocess.Popen) -> list[str]:
    """Return files, processes and databases of a run."""
    return [
        *(path.name for path in folder.iterdir()),
        *processes_of(folder),
        *(databases_of(run) if "postgres" in os.environ.get("DATABASE_URL", "") else []),
    ]


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of the processes that keep their temporary files in a folder or below it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={folder}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has just ended, or is another user's
            continue
    return found


def databases_of(run: subprocess.Popen) -> list[str]:
    rows = on_server("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", f"{PREFIX}{run.pid}")
    return [name for (name,) in rows]


def test_all_parts_run_to_their_end_in_any_order_and_repeatedly(start, tmp_path):
    run = start(*reversed(PARTS), PARTS[0], *SIZES.split())

    said, errors = run.communicate(timeout=10 * PATIENCE)

    assert run.returncode == 0, errors[-4000:]
    assert [title for title in TITLES if title not in said] == []
    assert said.count("Import of 200 rows") == 2
    for module, name in PEERS.items():
        assert name in (said if find_spec(module) else errors)
    assert left_over(tmp_path, run) == []


def test_a_run_that_is_stopped_leaves_nothing(start, tmp_path):
    run = start("mail", "--mails", "5", "--rounds", "100000")
    wait_for(lambda: any("smtp_sink" in command for command in processes_of(tmp_path)))

    run.terminate()
    run.communicate(timeout=PATIENCE)

    assert run.returncode == 128 + signal.SIGTERM
    assert left_over(tmp_path, run) == []


@pytest.mark.skipif(
    "postgres" not in os.environ.get("DATABASE_URL", ""), reason="a file goes with its folder"
)
def test_what_a_killed_run_leaves_on_the_server_the_next_one_drops(start):
    killed = start("cases", "--few-cases", "1000000")
    wait_for(lambda: databases_of(killed))
    killed.kill()
    killed.communicate()

    start("--help").communicate(timeout=PATIENCE)

    assert databases_of(killed) == []
