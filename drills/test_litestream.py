"""docs/operators.md, “Backups”: a site on SQLite, copied as it changes, is whole after its machine and its file are gone."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.migrated_database import migrated_file
from tests.support.running_site import wait_for

from .deployment import unit
from .environments import NOT_PASSED_ON, ROOT, Failed, run
from .litestream import program

WRITES = """
import itertools
import django
django.setup()
from django.contrib.auth.models import Group
for number in itertools.count():
    Group.objects.create(name=f"組 {number}")
    print(number, flush=True)
"""
MANY = 200


@pytest.fixture
def home(tmp_path) -> Path:
    (tmp_path / "var").mkdir()
    shutil.copy(migrated_file(), tmp_path / "var" / "site.sqlite3")
    return tmp_path


def command(home: Path) -> list[str]:
    """Return what the unit starts, with a folder of the drill in the place of /srv/cpor."""
    _program, *arguments = unit("cpor-litestream.service")["ExecStart"].split()
    return [str(program()), *(each.replace("/srv/cpor", str(home)) for each in arguments)]


def rows(file: Path) -> list[str]:
    """Return all that a database holds, as statements, without what Litestream keeps in it."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [line for line in connection.iterdump() if "_litestream" not in line]


@contextmanager
def copied(home: Path):
    """Litestream beside the site; at the end it dies without a word."""
    (home / "replica").mkdir(exist_ok=True)
    process = subprocess.Popen(command(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def write_and_die(home: Path) -> None:
    """Have a process of the site write row after row, each in a transaction of its own, and kill it in the middle."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON} | {
        "DJANGO_SETTINGS_MODULE": "cpor_site.settings.base",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "VAR_DIR": str(home / "var"),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES], env=environment, stdout=subprocess.PIPE, text=True
    )
    with process:
        for _ in range(MANY):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)


def restored(home: Path) -> Path:
    """Put the copy back, as the guide says."""
    file = home / "back" / "site.sqlite3"
    shutil.rmtree(file.parent, ignore_errors=True)
    run([program(), "restore", "-o", file, f"file://{home}/replica"], cwd=home)
    return file


def test_what_was_written_is_back_after_site_and_file_are_gone(home):
    original = home / "var" / "site.sqlite3"
    with copied(home):
        write_and_die(home)
        written = rows(original)
        wait_for(lambda: (home / "replica").exists() and has_all(home, written))
    for file in original.parent.glob("site.sqlite3*"):
        shutil.rmtree(file) if file.is_dir() else file.unlink()

    assert rows(restored(home)) == written
    assert f"組 {MANY - 1}" in "".join(written)


def has_all(home: Path, written: list[str]) -> bool:
    try:
        return rows(restored(home)) == written
    except Failed:  # nothing is copied yet
        return False
