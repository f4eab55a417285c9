"""Processes that a part starts, none of which outlives it."""

import signal
import sys
from collections.abc import Callable
from multiprocessing import Process
from subprocess import Popen


def ends_by_sigterm() -> None:
    """Let a process that is asked to end clear up first, as by Ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def wait_or_stop(process: Process | Popen, wait: Callable[[], object]) -> None:
    """Wait for a process; if the wait is interrupted, ask it to end, and wait until it has cleared up."""
    try:
        wait()
    except BaseException:
        process.terminate()
        wait()
        raise
