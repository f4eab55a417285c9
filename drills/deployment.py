"""The site as deploy/ and docs/operators.md have it: nginx before two web processes and two workers, PostgreSQL and Redis."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from tests.support.ports import free_port
from tests.support.programs import find_program
from tests.support.running_site import Postbox, RunningSite, wait_for

from .environments import NOT_PASSED_ON, ROOT

DATABASE = "cpor_drill"
_GIVEN = os.environ.get("DRILLS_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE_URL = urlsplit(_GIVEN)._replace(path="/postgres").geturl()  # the one that every server has
REDIS_URL = os.environ.get("DRILLS_REDIS_URL", "redis://127.0.0.1:6379/8")
SECRET_KEY = "only-for-the-drill-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF"  # noqa: S105


def unit(name: str) -> dict[str, str]:
    """Return the settings of a unit of systemd, the last of each name."""
    text = (ROOT / "deploy" / "systemd" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


def command_of(name: str, instance: object) -> list[str]:
    """Return what a unit starts, with this work tree in place of the installed one."""
    line = unit(name)["ExecStart"].replace("%i", str(instance))
    return line.replace("/srv/cpor/site/.venv/bin", str(Path(sys.executable).parent)).split()


class Deployment(RunningSite):
    """A running site that stands behind nginx. Its web processes are started anew one by one."""

    ports: tuple[int, int]

    def start_web_server(self) -> None:
        self.web_servers = {port: self._started_web_server(port) for port in self.ports}

    def start_anew(self, port: int) -> None:
        """Ask a web process to stop, as systemd does, and start another in its place."""
        self._end([self.web_servers[port]], signal.SIGTERM)
        self.web_servers[port] = self._started_web_server(port)

    def start_workers(self) -> None:
        self.workers = [self._start(*command_of("cpor-worker@.service", number)) for number in (1, 2)]

    def stop(self) -> None:
        self.web_server = next(iter(self.web_servers.values()))
        self._end(list(self.web_servers.values()), signal.SIGTERM)
        super().stop()

    def _started_web_server(self, port: int) -> subprocess.Popen:
        process = self._start(*command_of("cpor-web@.service", port))
        wait_for(lambda: is_up(port))
        return process


def is_up(port: int) -> bool:
    """Ask by the machine's address, as a load balancer does."""
    with suppress(OSError):
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).status == 200
    return False


@contextmanager
def deployment(folder: Path, postbox: Postbox) -> Iterator[Deployment]:
    """Set up and run a site of its own behind nginx; remove it at the end."""
    https = free_port()
    certificate = self_signed(folder)
    (folder / "media").mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON} | {
        "DJANGO_SETTINGS_MODULE": "cpor_site.settings.production",
        "PYTHONPATH": "site:.",
        "SECRET_KEY": SECRET_KEY,
        "ALLOWED_HOSTS": "localhost",
        "BASE_URL": f"https://localhost:{https}",
        "DATABASE_URL": new_database(),
        "REDIS_URL": REDIS_URL,
        "EMAIL_URL": postbox.url,
        "DEFAULT_FROM_EMAIL": "no-reply@court.example",
        "TRUSTED_PROXY_COUNT": "1",
        "VAR_DIR": str(folder / "var"),
        "MEDIA_ROOT": str(folder / "media"),
        "SSL_CERT_FILE": str(certificate),
    }
    with redis.Redis.from_url(REDIS_URL) as server:
        server.flushdb()
    subprocess.run([sys.executable, "manage.py", "setup"], cwd=ROOT, env=environment, check=True)
    here = Deployment(environment["BASE_URL"], environment, postbox)
    here.ports = (free_port(), free_port())
    here.start_web_server()
    here.start_workers()
    try:
        with nginx(folder, https=https, http=free_port(), upstreams=here.ports):
            yield here
    finally:
        here.stop()
        drop_database()


def new_database() -> str:
    drop_database()
    with psycopg.connect(DATABASE_URL, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {DATABASE}")
    return urlsplit(DATABASE_URL)._replace(path=f"/{DATABASE}").geturl()


def drop_database() -> None:
    with psycopg.connect(DATABASE_URL, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def self_signed(folder: Path) -> Path:
    """Make a certificate for localhost, which stands for the court's; return its path."""
    find_program("openssl", package="openssl")
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    paths = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run([*command, *paths], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    return folder / "fullchain.pem"


@contextmanager
def nginx(folder: Path, *, https: int, http: int, upstreams: tuple[int, int]) -> Iterator[None]:
    """Run nginx with deploy/'s file, in which only names, ports and paths are others."""
    site = (ROOT / "deploy" / "nginx" / "cpor.conf").read_text(encoding="utf-8")
    for written, here in {
        "127.0.0.1:8001": f"127.0.0.1:{upstreams[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{upstreams[1]}",
        "listen 443": f"listen 127.0.0.1:{https}",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen [::]:443 ssl http2;": "",
        "listen [::]:80;": "",
        "server_name cpor.court.example": "server_name localhost",
        "/etc/ssl/cpor/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
    }.items():
        assert written in site, written
        site = site.replace(written, here)
    (folder / "cpor.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(
        f"daemon off; user {os.environ.get('USER', 'root')}; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ client_body_temp_path {folder}/bodies; proxy_temp_path {folder}/proxied;\n"
        f"include {folder}/cpor.conf; }}\n"
    )
    program = find_program("nginx", package="nginx")
    process = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf"])
    try:
        wait_for(lambda: _listens(https))
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        time.sleep(0.1)
        return True
    return False
