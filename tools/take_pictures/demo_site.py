"""A new site with demo people in a folder of its own, for as long as pictures are taken of it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page

DEMO = {"name": "wang", "password": "demo-only-passphrase"}


@dataclass
class DemoSite:
    """Where the site is reached, and the environment of its programs."""

    url: str
    environment: dict[str, str]

    def printed(self, program: str, **environment: str) -> str:
        """Run a program in the site's shell and return the last line it prints."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
        done = subprocess.run(  # noqa: S603 (our own words)
            command, env=self.environment | environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip().splitlines()[-1]


def log_in(page: Page, name: str) -> None:
    """Log a demo person in."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", DEMO["password"])
    with page.expect_navigation():
        page.click("main form.narrow button[type=submit]")


@contextmanager
def demo_site() -> Iterator[DemoSite]:
    """Run a new site with demo people."""
    folder, port = tempfile.mkdtemp(), _free_port()
    url = f"http://localhost:{port}"
    own = {"DJANGO_SETTINGS_MODULE": "cpor_site.settings.base", "VAR_DIR": folder, "BASE_URL": url}
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    environment = kept | own
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    site = subprocess.Popen(command, env=environment)  # noqa: S603 (our own words)
    try:
        _wait_for(f"{url}/healthz", site)
        yield DemoSite(url, environment)
    finally:
        site.terminate()
        site.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(url: str, site: subprocess.Popen) -> None:
    while site.poll() is None:
        try:
            if urllib.request.urlopen(url, timeout=5).status == 200:  # noqa: S310 (our own site)
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The demo site did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
