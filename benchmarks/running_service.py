"""The service as it runs: a web server, a worker, a clerk and a mail server, each a process, as `make run` starts them.

What happens is timed by the machine's monotonic clock, which all processes share.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from cpor_core import conf
from cpor_site.management.commands.serve import site_command, worker_command
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 900  # seconds, for a whole file or queue
RESET = "/accounts/password/reset/"


class NotDone(Exception):
    """Something did not happen in the time that it may take."""


def wait_until(is_so: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise NotDone
        time.sleep(0.05)


class Postbox:
    """What the mail server has taken: when, for each address, the first mail came."""

    def __init__(self, log: Path):
        self.log, self.read, self.taken = log, 0, {}

    def when(self, address: str) -> int | None:
        """Return the moment of the 250 for the first mail to an address; None if none has come."""
        if address not in self.taken:
            self._read_on()
        return self.taken.get(address)

    def _read_on(self) -> None:
        with self.log.open(encoding="utf-8") as file:
            file.seek(self.read)
            while (line := file.readline()).endswith("\n"):
                moment, address = line.split()
                self.taken.setdefault(address, int(moment))
                self.read = file.tell()


class _FollowsNothing(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as the answer: the page after a form is no part of what is measured."""

    def redirect_request(self, *_arguments):
        return None


class Service:
    """A running service and its callers: each call returns when it was answered."""

    def __init__(self, url: str, postbox: Postbox, clerk: subprocess.Popen):
        self.url, self.postbox, self.clerk = url, postbox, clerk
        self.cookies = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.cookies)
        self.browser = urllib.request.build_opener(cookies, _FollowsNothing)

    def send(self, body: bytes, *, token: str) -> tuple[int, str]:
        """Send rows in CSV as a court's system does; return when it was told 202, and the address of the import."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv"}
        call = urllib.request.Request(f"{self.url}/api/v1/progress", body, headers)
        with urllib.request.urlopen(call, timeout=120) as answer:
            answered = time.monotonic_ns()
            return answered, json.load(answer)["url"]

    def state_of(self, path: str, *, token: str) -> str:
        call = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(call, timeout=120) as answer:
            return json.load(answer)["state"]

    def ask_for_password(self, address: str) -> int:
        """Ask for a new password as a person does; return when the page was answered."""
        if not any(cookie.name == "csrftoken" for cookie in self.cookies):
            self.browser.open(self.url + RESET, timeout=120).close()
        code = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        form = urlencode({"email": address, "csrfmiddlewaretoken": code}).encode()
        try:
            self.browser.open(self.url + RESET, form, timeout=120)
        except urllib.error.HTTPError as answer:
            answered = time.monotonic_ns()
            if answer.code == 302 and answer.headers["Location"].endswith("/done/"):
                return answered
        raise NotDone(f"the form for a new password of {address} was not taken")

    def tell_clerk(self, *words: object) -> int:
        """Have the clerk do something; return when it was committed."""
        self.clerk.stdin.write(" ".join(map(str, words)) + "\n")
        self.clerk.stdin.flush()
        answer = self.clerk.stdout.readline()
        if not answer:
            raise NotDone("the clerk's process has ended")
        return int(answer)


@contextmanager
def running_service(settings: str, *, workers: int) -> Iterator[Service]:
    """Start it with these settings and as many worker processes; stop all of it afterwards."""
    web, mail = free_port(), free_port()
    folder = Path(conf.VAR_DIR)
    log, said = folder / "taken.log", folder / "service.log"
    for path in (log, *folder.glob("queue.sqlite3*")):
        path.unlink(missing_ok=True)
    log.touch()
    url = f"http://localhost:{web}"
    home = os.environ | {"DJANGO_SETTINGS_MODULE": settings, "BASE_URL": url}
    home |= {
        "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
    }
    sink = [sys.executable, "-m", "benchmarks.smtp_sink", str(mail), "--log", str(log)]
    with said.open("w") as words, ExitStack() as stack:

        def start(command: list[str], **pipes) -> subprocess.Popen:
            return stack.enter_context(_process(command, env=home, stderr=words, **pipes))

        start(sink)
        start(site_command(web, dev=False), stdout=words)
        for _ in range(workers):
            start(worker_command(dev=False), stdout=words)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        clerk = start([sys.executable, "-m", "benchmarks.clerk"], **pipes)
        try:
            for port in (mail, web):
                wait_until(lambda port=port: _listens(port), seconds=60)
            wait_until(_has_worker, seconds=60)
            yield Service(url, Postbox(log), clerk)
        except (NotDone, urllib.error.HTTPError) as error:
            sys.exit(f"{error}\nThe service did not do what it should:\n{said.read_text()[-5000:]}")


@contextmanager
def _process(command: list[str], **how) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, cwd=ROOT, **how)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in filter(None, (process.stdin, process.stdout)):
            pipe.close()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _has_worker() -> bool:
    from cpor_core.clock import last_tick

    return last_tick() is not None
