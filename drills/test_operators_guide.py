"""The commands of docs/operators.md, “From nothing to running”, lead from nothing to a running site.

They are run as they stand there, with these things in the place of a machine of one's own: another folder for /srv and /etc, other names for role
and database, a Redis of its own, and stubs for what changes the machine itself (users, packages, units), which only note that they were called.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.support.ports import free_port
from tests.support.programs import find_program
from tests.support.running_site import wait_for

from .deployment import DATABASE_URL, is_up, self_signed, unit
from .environments import NOT_PASSED_ON, ROOT

NAME = "cpor_guide"
SUPERUSER = {
    "DJANGO_SUPERUSER_USERNAME": "operator",
    "DJANGO_SUPERUSER_EMAIL": "operator@court.example",
    "DJANGO_SUPERUSER_PASSWORD": "quiet-harbour-lantern-42",
}
STUBS = {
    "sudo": 'while [ $# -gt 0 ]; do case "$1" in -u) shift 2;; --preserve-env) shift;; *) break;; esac; done; exec "$@"',
    **{name: f'echo "{name} $*" >> "$CALLS"' for name in ("apt", "adduser", "systemctl")},
    # As root, but without the user that the guide makes
    "install": 'for each; do shift; case "$each" in --owner=*|--group=*);; *) set -- "$@" "$each";; esac; done; exec /usr/bin/install "$@"',
}


def blocks() -> list[str]:
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    [section] = re.findall(r"^## From nothing to running\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def on_server(statement: str) -> None:
    with psycopg.connect(DATABASE_URL, autocommit=True) as server:
        server.execute(statement)


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Iterator[Path]:
    """A folder that stands for the root of a fresh machine."""
    root = tmp_path_factory.mktemp("machine")
    for folder in (
        "bin",
        "srv",
        "etc/redis",
        "etc/systemd/system",
        "etc/ssl/cpor",
        "etc/nginx/sites-enabled",
    ):
        (root / folder).mkdir(parents=True)
    (root / "etc/nginx/sites-available").mkdir()
    self_signed(root / "etc/ssl/cpor")
    for name, code in STUBS.items():
        (root / "bin" / name).write_text(f"#!/bin/bash\n{code}\n")
        (root / "bin" / name).chmod(0o755)
    drop_all()
    yield root
    drop_all()


def drop_all() -> None:
    on_server(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    on_server(f"DROP ROLE IF EXISTS {NAME}")


def here(script: str, root: Path, *, redis_port: int, web_port: int) -> str:
    """Put this machine's folders, names and ports in the place of those of the guide."""
    script = re.sub(r"(?<![\w/.])/(srv|etc)/", rf"{root}/\1/", script)
    script = script.replace("127.0.0.1:6379/0", f"127.0.0.1:{redis_port}/0")
    script = script.replace("CREATE ROLE cpor ", f"CREATE ROLE {NAME} ").replace(
        "--owner=cpor --template", f"--owner={NAME} --template"
    )
    script = script.replace("--encoding=UTF8 cpor", f"--encoding=UTF8 {NAME}")
    script = script.replace("postgres://cpor:", f"postgres://{NAME}:").replace("5432/cpor", f"5432/{NAME}")
    return script.replace("nginx -t", f"true {web_port}")  # the file is tried by the drill of the deployment


def test_the_guide_leads_from_nothing_to_a_running_site(machine):
    redis_port, web_port = free_port(), free_port()
    server = urlsplit(DATABASE_URL)
    environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON} | {
        "PATH": f"{machine}/bin:{os.environ['PATH']}",
        "CALLS": str(machine / "calls"),
        "REPOSITORY": str(ROOT),
        "PGHOST": server.hostname or "",
        "PGPORT": str(server.port or 5432),
        "PGUSER": server.username or "",
        "PGPASSWORD": server.password or "",
        "PGDATABASE": server.path.strip("/"),
    }
    script = "\n".join(here(block, machine, redis_port=redis_port, web_port=web_port) for block in blocks())
    before, setting_up = script.split("export DJANGO_SETTINGS_MODULE")
    start_redis = (
        f"redis-server {machine}/etc/redis/redis.conf --port {redis_port} --daemonize yes --dir {machine}"
    )
    pid = f" --pidfile {machine}/redis.pid\n"
    find_program("redis-server", package="redis-server")
    try:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{before}\n{start_redis}{pid}export DJANGO_SETTINGS_MODULE{setting_up}"],
            cwd=machine, env=environment | SUPERUSER, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert "operator sets up the second factor by this link" in done.stdout
        assert_answers(machine / "srv/cpor/site", web_port)
    finally:
        if (machine / "redis.pid").exists():
            os.kill(int((machine / "redis.pid").read_text()), 15)
    calls = (machine / "calls").read_text()
    assert "systemctl enable --now cpor-web@8001 cpor-web@8002 cpor-worker@1 cpor-backup.timer" in calls
    assert (machine / "etc/systemd/system/cpor-web@.service").exists()
    assert (machine / "srv/cpor/site/.env").stat().st_mode & 0o077 == 0


def assert_answers(site: Path, port: int) -> None:
    """Start a web process as its unit does, from the installed program."""
    command = (
        unit("cpor-web@.service")["ExecStart"].replace("%i", str(port)).replace("/srv/cpor/site", str(site))
    )
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "cpor_site.settings.production",
        "PYTHONPATH": "site:.",
    }
    process = subprocess.Popen(command.split(), cwd=site, env=environment)
    try:
        assert wait_for(lambda: is_up(port))
    finally:
        process.terminate()
        process.wait(timeout=30)
