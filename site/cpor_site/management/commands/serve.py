"""One machine, one command: the site and the worker side by side, until Ctrl-C."""

import os
import signal
import socket
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cpor_cases import demo
from cpor_site.processes import run_together
from cpor_site.set_up import bring_up_to_date, no_security_log


class Command(BaseCommand):
    help = "Sets everything up and runs the site and the worker together."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", default="8000", help="where the site listens on this machine (8000)")
        parser.add_argument("--dev", action="store_true", help="reload when the code changes")

    def handle(self, *args, port: str, dev: bool, **options) -> None:
        # What is begun meanwhile ends, too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        number = free_port(port)
        has_own_database = not settings.IS_DATABASE_CONFIGURED
        bring_up_to_date(self._say, with_demo=has_own_database, with_static=not dev)
        with no_security_log():
            self._say(introduction(number, with_demo=has_own_database))
        # The links in mails lead to this port, unless the environment says where the site is reached.
        os.environ.setdefault("BASE_URL", f"http://localhost:{number}")
        sys.exit(run_together({"site": site_command(number, dev), "worker": worker_command(dev)}))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def free_port(text: str) -> int:
    """Return the port, if it is one and nothing listens there. Raises CommandError with a sentence."""
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CommandError(f"PORT={text} is no port: say a number from 1 to 65535, as in make run PORT=8001")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Choose another one: make run PORT={port % 65535 + 1}"
            ) from error
    return port


def introduction(port: int, *, with_demo: bool) -> str:
    """Return what a person who has just started the site wants to know."""
    base = f"http://localhost:{port}"
    lines = [
        "",
        f"  The site        {base}/   English: {base}/en/",
        f"  Log in          {base}/accounts/login/",
        f"  Office, editors {base}/office/",
        f"  Mails           {settings.EMAIL_URL and 'to the server of EMAIL_URL' or settings.EMAIL_FILE_PATH}",
    ]
    if with_demo:
        people = [
            ("wang", "a litigant with three cases"),
            ("lawyer", "a lawyer with many"),
            ("clerk-taipei", "a clerk of the Taipei District Court"),
            ("clerk-shilin", "a clerk of the Shilin District Court"),
            ("manager-taipei", "a manager of the Taipei District Court"),
            ("editor", "an editor of the pages"),
            ("chief", "the chief editor, who publishes"),
            ("operator", "who may do everything"),
        ]
        lines += ["", f"  Demo log-ins, all with the password {demo.PASSWORD}"]
        lines += [f"    {name:<16}{who}" for name, who in people]
        lines += ["", "  Links by which staff set up a second factor, each good once, for 24 hours"]
        lines += [f"    {name:<16}{base}{path}" for name, path in demo.enrolment_paths().items()]
    else:
        lines += ["", "  DATABASE_URL is set, so there are no demo people: python manage.py createsuperuser"]
    return "\n".join([*lines, "", "  Ctrl-C stops the site and the worker.", ""])


def site_command(port: int, dev: bool) -> list[str]:
    if dev:
        return [sys.executable, "manage.py", "runserver", str(port)]
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
        "cpor_site.wsgi:application",
    ]


def worker_command(dev: bool) -> list[str]:
    # After TERM it has 3 seconds to finish its tasks, then they are interrupted: honcho kills it after 5 seconds.
    command = [sys.executable, "manage.py", "run_huey", "-g", "TERM", "-t", "3"]
    if not dev:
        return command
    watched = ["cpor_cases", "cpor_core", "cpor_pages", "site", "templates"]
    return [sys.executable, "-m", "watchfiles", "--filter", "python", " ".join(command), *watched]
