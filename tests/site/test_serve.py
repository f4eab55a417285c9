"""The site and the worker run side by side: when one ends, or at a signal, both end."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings

RUN = """
import sys
from cpor_site.processes import run_together
sys.exit(run_together({name: [sys.executable, "-c", code] for name, code in zip(["site", "worker"], sys.argv[1:])}))
"""
WORK = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("asked to stop")))
print("works")
time.sleep(60)
"""


@pytest.fixture
def start():
    started = []

    def start(*codes):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(["site", "."]), "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-c", RUN, *codes]
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_when_one_process_ends_the_other_is_stopped(start):
    process = start(WORK, "import time; time.sleep(0.5); print('the last words')")

    said = process.communicate(timeout=30)[0]

    assert process.returncode == 1
    assert "worker | the last words" in said
    assert "site   | asked to stop" in said


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_at_a_signal_both_are_stopped(start, asked):
    process = start(WORK, WORK)
    working = 0
    while working < 2 and (said := process.stdout.readline()):
        working += "| works" in said

    process.send_signal(asked)

    said = process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert said.count("asked to stop") == 2
