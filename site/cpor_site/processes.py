"""Runs processes side by side: when one ends, or at a signal, all end."""

import os
import shlex
import signal

from django.conf import settings
from django.db import connections
from honcho.manager import Manager

ASKED_TO_STOP = {128 + signal.SIGINT, 128 + signal.SIGTERM}  # the return codes of honcho after these signals


def run_together(commands: dict[str, list[str]]) -> int:
    """Run the commands, by name, side by side until one ends, or until Ctrl-C or TERM. Return 0 if asked to stop.

    The others then get TERM, and five seconds later KILL: a killed worker loses nothing, the next start goes on.
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(["site", "."]), "PYTHONUNBUFFERED": "1"}
    manager = Manager()
    for name, command in commands.items():
        manager.add_process(name, f"exec {shlex.join(command)}", env=environment, cwd=settings.BASE_DIR)
    connections.close_all()  # the processes are forked
    manager.loop()
    return 0 if manager.returncode in ASKED_TO_STOP else 1
