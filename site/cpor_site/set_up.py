"""What brings a site up to date, new or upgraded: `manage.py setup`, and `make run`. Safe to repeat."""

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

Say = Callable[[str], object]


class Steps:
    """Does one thing after the other, and says of each how long it took."""

    def __init__(self, say: Say):
        self.say = say

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.say(f"  {title:<26}{time.monotonic() - started:6.1f} s")

    def call(self, title: str, *command: str, **options) -> None:
        """Run a management command without its output."""
        with self.step(title):
            call_command(*command, stdout=StringIO(), **options)


def bring_up_to_date(say: Say, *, with_demo: bool = False, with_static: bool = True) -> None:
    """Bring folders, database, reference data, starter content and static files up to date, a line each."""
    steps = Steps(say)
    with ExitStack() as stack:
        static_files = stack.enter_context(_collecting_static_files() if with_static else nullcontext())
        if not settings.MEDIA_BUCKET:
            with steps.step("folders"):
                Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        steps.call("database", "migrate", interactive=False, verbosity=0)  # makes the cache's table, too
        steps.call("reference data", "load_reference_data")
        steps.call("starter content", "load_starter_content")
        if with_demo:
            with no_security_log():
                steps.call("demo people", "load_demo_data")
        if static_files:
            with steps.step("static files, meanwhile"):
                wait_for(static_files)


def wait_for(process: subprocess.Popen) -> None:
    if process.wait():
        raise CommandError("The static files could not be collected: see above.")


@contextmanager
def _collecting_static_files() -> Iterator[subprocess.Popen]:
    """Collect them in a process of their own: that takes as long as making the database, and does not need it."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


@contextmanager
def no_security_log() -> Iterator[None]:
    """Leave out of the terminal what is recorded of demo people who are being made."""
    log = logging.getLogger("cpor.security")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False
