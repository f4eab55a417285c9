"""A running site for the journeys: the real web server, the real worker, a real mail server.

It uses the kind of database and queue that DATABASE_URL and REDIS_URL name. Each test process has a site of its own, copied
from one that the first process sets up.
"""

import email
import email.policy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import settings

from cpor_cases.management.commands.verify import SOMETHING_IS_WRONG
from tests.support.collected_static import collected_static
from tests.support.migrated_database import (
    alone,
    drop_database,
    migrated_database,
    migrated_file,
    new_database,
)
from tests.support.ports import free_port

# Seconds to wait before a test fails; a busy machine gets more by TEST_PATIENCE
PATIENCE = int(os.environ.get("TEST_PATIENCE", "60"))
SET_UP = """
from django.core.management import call_command
for command in ("migrate", "load_reference_data", "load_starter_content"):
    call_command(command)
"""


def wait_for(what, *, seconds: float = PATIENCE):
    """Return what `what()` returns as soon as it is true; fail after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    pytest.fail(f"nothing came within {seconds} seconds")


@dataclass
class Postbox:
    """A mail server that keeps every mail it receives."""

    mails: list = field(default_factory=list)
    seconds_a_mail: float = 0.0
    url: str = ""

    async def handle_DATA(self, _server, _session, envelope):
        if self.seconds_a_mail:
            time.sleep(self.seconds_a_mail)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"

    def to(self, address: str) -> list:
        return [mail for mail in self.mails if address in [to.addr_spec for to in mail["To"].addresses]]

    def wait_for(self, address: str, *, count: int = 1):
        """Return the newest of at least `count` mails to an address."""
        return wait_for(lambda: len(self.to(address)) >= count and self.to(address)[-1])


@contextmanager
def running_postbox() -> Iterator[Postbox]:
    """A mail server that keeps every mail and forwards none; `url` is what EMAIL_URL names."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), ready_timeout=PATIENCE)
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield box
    controller.stop()


@dataclass
class RunningSite:
    """The service as an operator runs it; with PostgreSQL and Redis, two of each process."""

    url: str
    environment: dict
    postbox: Postbox
    web_server: subprocess.Popen | None = None
    workers: list[subprocess.Popen] = field(default_factory=list)
    starts: Iterator[int] = field(default_factory=lambda: count(1_000_000, 1_000))
    _code_runner: subprocess.Popen | None = field(default=None, init=False)
    _known_faults: set[str] = field(default_factory=set, init=False)

    @property
    def processes_of_a_kind(self) -> int:
        return 2 if "DATABASE_URL" in self.environment and "REDIS_URL" in self.environment else 1

    def manage(self, *arguments: str, codes=(0,)) -> str:
        """Run a management command and return what it printed."""
        command = ["manage.py", *arguments]
        code = "from django.core.management import execute_from_command_line as run\n"
        return self._run(f"{code}run({command!r})", codes)

    def self_check(self) -> str:
        """Return what `manage.py verify` finds that it has not found before: of a fault that stays, one test file is told."""
        told = self.manage("verify", codes=(0, SOMETHING_IS_WRONG))
        found = re.split(r"\n(?! )", told.strip())[:-1]  # the last line says how many checks there are
        new = [fault for fault in found if fault not in self._known_faults]
        self._known_faults.update(found)
        return "\n".join(new)

    def python(self, code: str) -> str:
        """Run code in a process of the site, with `factories` at hand, and return what it printed.

        Each time the factories count from elsewhere, since the site keeps the names and numbers that they gave before; and
        an access comes with the mail that told of it, which the self-check would miss.
        """
        start = next(self.starts)
        prepared = (
            "from functools import partial\nfrom itertools import count\nfrom tests import factories\n"
            f"factories._serial = count({start})\n"
            "factories.make_access = partial(factories.make_access, is_told=True)"
        )
        return self._run(f"{prepared}\n{code}", (0,))

    def _run(self, code: str, exit_codes) -> str:
        if not self._code_runner:
            self._code_runner = self._start(
                *(sys.executable, "-m", "tests.support.code_runner"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self._code_runner.stdin.write(json.dumps({"code": code}) + "\n")
        self._code_runner.stdin.flush()
        done = json.loads(self._code_runner.stdout.readline())
        assert done["code"] in exit_codes, done["output"] + done["errors"]
        return done["output"]

    def start_web_server(self) -> None:
        port = str(urlsplit(self.url).port)
        self.web_server = self._start(
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", port),
            *("--workers", str(self.processes_of_a_kind), "--blocking-threads", "4"),
            *("--log-level", "warning", "cpor_site.wsgi:application"),
        )
        wait_for(self._answers)

    def start_workers(self) -> None:
        command = (sys.executable, "manage.py", "run_huey", "-g", "TERM", "-t", "10")
        self.workers = [self._start(*command) for _ in range(self.processes_of_a_kind)]

    def kill_workers(self) -> None:
        """Kill the workers without a warning, as a power cut would."""
        self._end(self.workers, signal.SIGKILL)

    def ask_workers_to_stop(self) -> None:
        self._end(self.workers, signal.SIGTERM)

    def stop(self) -> None:
        self._end([self.web_server, *self.workers], signal.SIGTERM)
        if self._code_runner:
            self._code_runner.communicate()

    def _start(self, *command: str, **options) -> subprocess.Popen:
        return subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment, **options)

    @staticmethod
    def _end(processes: list[subprocess.Popen], sign: signal.Signals) -> None:
        running = [process for process in processes if process.poll() is None]
        for process in running:
            process.send_signal(sign)
        for process in running:
            process.wait(timeout=30)

    def _answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/healthz", timeout=5).status == 200
        except OSError:
            return False


@contextmanager
def running_site(shared: Path, own: Path, postbox: Postbox) -> Iterator[RunningSite]:
    """Set up a site with starter content and no people, run it, and remove it.

    `shared` is a folder of all processes of this run of the tests, `own` one of this process alone.
    """
    url = f"http://localhost:{free_port()}"
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.support.running_site_settings",
        "PYTHONPATH": os.pathsep.join(["site", "."]),
        "BASE_URL": url,
        "EMAIL_URL": postbox.url,
        "DEFAULT_FROM_EMAIL": "no-reply@court.example",
    }
    with _own_environment(shared, own, variables) as environment:
        here = RunningSite(url, environment, postbox)
        here.start_web_server()
        here.start_workers()
        try:
            yield here
        finally:
            here.stop()


@contextmanager
def _own_environment(shared: Path, own: Path, variables: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield the environment variables of a site with a database, queue and folder of its own, all set up."""
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}
    }
    environment |= variables | {"VAR_DIR": str(own / "var")}
    if os.environ.get("REDIS_URL"):
        environment["REDIS_URL"] = _emptied_redis()
    user = f"{own.name}_{os.getpid()}"  # a test process may run several sites
    with _model(shared, environment, user) as (folder, database):
        shutil.copytree(folder, own / "var", symlinks=True)
        if not database:
            yield environment
            return
        name = f"journeys_{user}"
        with alone(shared):  # a database that is being copied cannot be copied once more
            environment["DATABASE_URL"] = new_database(name, template=database)
        try:
            yield environment
        finally:
            drop_database(name)


@contextmanager
def _model(shared: Path, environment: dict[str, str], user: str) -> Iterator[tuple[Path, str]]:
    """Yield the folder and the name of the database (none on SQLite) of a site just set up.

    The first process makes them while the others wait; the last that leaves takes them away.
    """
    folder, users = shared / "model", shared / "users"
    database = f"journeys_model_{shared.name.replace('-', '_')}" if os.environ.get("DATABASE_URL") else ""
    with alone(shared):
        users.mkdir(exist_ok=True)
        (users / user).touch()
        if not folder.exists():
            _set_up(folder, database, environment)
    try:
        yield folder, database
    finally:
        with alone(shared):
            (users / user).unlink()
            if not any(users.iterdir()):
                shutil.rmtree(folder)
                if database:
                    drop_database(database)


def _set_up(folder: Path, database: str, environment: dict[str, str]) -> None:
    environment = environment | {"VAR_DIR": str(folder)}
    if database:
        environment["DATABASE_URL"] = new_database(database, template=migrated_database())
    else:
        folder.mkdir()
        shutil.copy(migrated_file(), folder / "site.sqlite3")
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", SET_UP]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True, stdout=subprocess.DEVNULL)
    (folder / "static").symlink_to(collected_static())


def _emptied_redis() -> str:
    """Return the address of an emptied Redis database for this process: 1 to 7, since the other tests use 9 to 15.

    This run would otherwise do the tasks that a killed run left in its queue.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    url = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{1 + process % 7}"))
    with redis.Redis.from_url(url) as server:
        server.flushdb()
    return url
