"""A whole house for the journeys: the real web server, the real worker, a real mail server, a browser.

It stands on the home that DATABASE_URL and REDIS_URL name, in a database of its own.
"""

import email
import email.policy
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from aiosmtpd.controller import Controller
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 30  # seconds until what should happen soon has certainly not happened
expect.set_options(timeout=PATIENCE * 1000)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
    """A mail server that keeps what it is sent."""

    letters: list = field(default_factory=list)
    seconds_a_letter: float = 0.0

    async def handle_DATA(self, _server, _session, envelope):
        if self.seconds_a_letter:
            time.sleep(self.seconds_a_letter)
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"

    def to(self, address: str) -> list:
        return [letter for letter in self.letters if address in letter["To"]]

    def wait_for(self, address: str, *, count: int = 1):
        """Return the newest of at least `count` letters to an address."""
        return wait_for(lambda: len(self.to(address)) >= count and self.to(address)[-1])


@dataclass
class House:
    """The running service, as an operator has it."""

    url: str
    environment: dict
    postbox: Postbox
    processes: list = field(default_factory=list)
    worker: subprocess.Popen | None = None

    def manage(self, *arguments: str, codes=(0,)) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode in codes, done.stdout + done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        """Run a few lines inside the house, with the tests' factories at hand."""
        return self.manage("shell", "--no-imports", "-c", f"from tests import factories\n{code}")

    def start_site(self) -> None:
        port = str(urlsplit(self.url).port)
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            port,
        ]
        self._start(
            [*command, "--blocking-threads", "4", "--log-level", "warning", "cpor_site.wsgi:application"]
        )
        wait_for(self._answers)

    def start_worker(self) -> None:
        self.worker = self._start([sys.executable, "manage.py", "run_huey", "-g", "TERM", "-t", "10"])

    def kill_worker(self) -> None:
        """As a power cut does."""
        self.worker.send_signal(signal.SIGKILL)
        self.worker.wait()

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            process.wait(timeout=20)

    def _start(self, command: list[str]) -> subprocess.Popen:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment)
        self.processes.append(process)
        return process

    def _answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/healthz", timeout=5).status == 200
        except OSError:
            return False


def _home_of_its_own(folder: Path) -> dict[str, str]:
    """Return the environment of a house on the tests' kind of home, its database new and empty."""
    home = {"VAR_DIR": str(folder / "var")}
    if os.environ.get("DATABASE_URL"):
        parts = urlsplit(os.environ["DATABASE_URL"])
        name = f"journeys_{os.getpid()}_{folder.name.replace('-', '_')}"
        with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{name}"')
        home["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    if os.environ.get("REDIS_URL"):
        home["REDIS_URL"] = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/1"))
    return home


def _drop_home(home: dict[str, str]) -> None:
    if "DATABASE_URL" in home:
        parts = urlsplit(home["DATABASE_URL"])
        with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{parts.path[1:]}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postbox():
    """A mail server that only keeps."""
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    yield box
    controller.stop()


@pytest.fixture(scope="session")
def house(tmp_path_factory, postbox):
    """The service set up from nothing and running, with starter content and no people."""
    folder = tmp_path_factory.mktemp("house")
    url = f"http://localhost:{free_port()}"
    home = _home_of_its_own(folder)
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    environment = (
        kept
        | home
        | {
            "DJANGO_SETTINGS_MODULE": "cpor_site.settings.base",
            "PYTHONPATH": os.pathsep.join(["site", "."]),
            "BASE_URL": url,
            "EMAIL_URL": postbox.url,
            "DEFAULT_FROM_EMAIL": "no-reply@court.example",
        }
    )
    here = House(url, environment, postbox)
    for command in ("migrate", "createcachetable", "load_reference_data", "load_starter_content"):
        here.manage(command)
    here.manage("collectstatic", "--no-input")
    here.start_site()
    here.start_worker()
    yield here
    here.stop()
    _drop_home(home)


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: journeys are never skipped in CI")
        pytest.skip("Chromium is not installed; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield started
        started.close()


SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def visit(browser, house):
    """Open a new browser for one person: `visit()` on a desktop, `visit("phone")` on a phone."""
    contexts = []

    def visit(size: str = "desktop") -> Page:
        context = browser.new_context(base_url=house.url, viewport=SIZES[size], locale="zh-TW")
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on(
            "console", lambda said: page.errors.append(said.text) if "Content Security" in said.text else None
        )
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def assert_accessible():
    """Let axe look at a page: no violation of WCAG 2.2 A and AA or of its best practices, and no wide scrolling."""
    axe = Axe()

    def look(page: Page) -> None:
        found = axe.run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{page.url} scrolls sideways by {width}px"
        assert page.errors == [], f"{page.url}: {page.errors}"

    return look
