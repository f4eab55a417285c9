"""The house's settings: nothing to configure on one machine, nothing forgotten in production."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cpor_site.settings.production",
    "SECRET_KEY": "a-secret-key-that-is-long-enough-and-quite-random-0123456789-abcdefgh",
    "ALLOWED_HOSTS": "cpor.court.example",
    "BASE_URL": "https://cpor.court.example",
    "DATABASE_URL": "postgres://cpor@127.0.0.1:5432/cpor",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://cpor:secret@mail.court.example:587",
    "DEFAULT_FROM_EMAIL": "no-reply@court.example",
    "TRUSTED_PROXY_COUNT": "1",
}


def manage(*arguments, tmp_path, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
    )


def test_the_deployment_check_is_silent_in_production(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **PRODUCTION)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "BASE_URL",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
    ],
)
def test_what_is_missing_in_production_stops_the_start_with_its_name(tmp_path, name):
    rest = {key: value for key, value in PRODUCTION.items() if key != name}

    done = manage("check", tmp_path=tmp_path, **rest)

    assert done.returncode != 0
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_one_machine_needs_no_setting_and_keeps_its_secret_key(tmp_path):
    code = (
        "from django.conf import settings; print(settings.SECRET_KEY, settings.DEBUG, settings.EMAIL_BACKEND)"
    )

    first = manage("shell", "--no-imports", "-c", code, tmp_path=tmp_path)
    second = manage("shell", "--no-imports", "-c", code, tmp_path=tmp_path)

    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert first.stdout.split()[1:] == ["False", "cpor_site.mail.EmlFileBackend"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_gets_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")

    done = manage("check", tmp_path=tmp_path / "file" / "var")

    assert done.returncode != 0
    assert "cannot be made" in done.stderr
    assert "Traceback" not in done.stderr
