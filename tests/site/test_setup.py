"""`manage.py setup`: one command for a new site and for an upgraded one, safe to repeat."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cpor_site import set_up
from cpor_site.management.commands import serve
from tests.support.migrated_database import migrated_file
from tests.support.running_site import wait_for

SUPERUSER = {
    "DJANGO_SUPERUSER_USERNAME": "operator",
    "DJANGO_SUPERUSER_EMAIL": "operator@court.example",
    "DJANGO_SUPERUSER_PASSWORD": "quiet-harbour-lantern-42",
}


@pytest.fixture
def new_site(tmp_path):
    """Return what runs `setup` for a site of which only the empty tables are there, and returns its lines."""
    shutil.copy(migrated_file(), tmp_path / "site.sqlite3")

    def run(**variables):
        base = {"DJANGO_SETTINGS_MODULE": "cpor_site.settings.base", "VAR_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "manage.py", "setup", "--no-static"],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], **base, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return run


def test_a_new_site_is_told_step_by_step_and_a_repeated_setup_changes_nothing(new_site, tmp_path):
    first, second = new_site(**SUPERUSER), new_site(**SUPERUSER)

    steps = [line.split("  ")[1] for line in second]
    assert steps == ["folders", "database", "reference data", "starter content"]
    assert all(re.fullmatch(r"  [a-z ]+ +\d+\.\d s", line) for line in second)
    assert "operator sets up the second factor by this link, within 24 hours: http" in first[-1]
    assert (tmp_path / "media").is_dir()


def test_without_a_name_for_the_superuser_it_says_how_to_make_one(new_site):
    assert "There is no superuser yet" in new_site()[-1]


@pytest.fixture
def _nothing_to_do(monkeypatch):
    monkeypatch.setattr("cpor_site.management.commands.setup.bring_up_to_date", lambda *_, **__: None)


@pytest.mark.django_db
@pytest.mark.usefixtures("_nothing_to_do")
def test_a_password_that_is_not_typed_is_held_to_the_rules_of_all_others(monkeypatch, django_user_model):
    for name, value in (SUPERUSER | {"DJANGO_SUPERUSER_PASSWORD": "operator"}).items():
        monkeypatch.setenv(name, value)

    with pytest.raises(CommandError, match="DJANGO_SUPERUSER_PASSWORD: "):
        call_command("setup")

    assert not django_user_model.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_nothing_to_do")
def test_a_second_superuser_is_not_made(monkeypatch, django_user_model):
    django_user_model.objects.create_superuser("chief", "chief@court.example")
    for name, value in SUPERUSER.items():
        monkeypatch.setenv(name, value)

    call_command("setup")

    assert django_user_model.objects.count() == 1


def test_static_files_that_cannot_be_collected_stop_it():
    with pytest.raises(CommandError, match="static files could not be collected"):
        set_up.wait_for(subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"]))


@pytest.mark.parametrize("text", ["0", "65536", "http", "80.5", "-1", "", "８000"])
def test_a_port_that_is_none_is_told_in_a_sentence(text):
    with pytest.raises(CommandError, match=f"PORT={text} is no port"):
        serve.free_port(text)


STUB = """#!/bin/sh
trap 'echo ended > {ended}; exit 0' TERM INT
echo begun > {begun}
while :; do sleep 0.1; done
"""


@pytest.mark.parametrize(("sign", "to"), [(signal.SIGTERM, os.kill), (signal.SIGINT, os.killpg)])
def test_what_make_run_has_started_ends_with_make(tmp_path, sign, to):
    begun, ended, python = tmp_path / "begun", tmp_path / "ended", tmp_path / "python"
    python.write_text(STUB.format(begun=begun, ended=ended))
    python.chmod(0o700)
    command = ["make", "run", "-o", ".venv/for-running", f"PYTHON={python}"]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, start_new_session=True, preexec_fn=_let_interrupt
    ) as process:
        try:
            wait_for(begun.exists)

            to(process.pid, sign)

            wait_for(ended.exists)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode != 0 or sign == signal.SIGINT


def _let_interrupt() -> None:
    """Undo what a test run in the background hands on: a shell cannot trap a signal that was ignored when it began."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
