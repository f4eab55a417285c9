"""`make bench` at tiny sizes: all parts run to their end, one after the other, on the database of the suite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PEERS = ["import_export", "post_office", "mailer", "gunicorn"]
SIZES = (
    "--rounds 1 --rows 200 --peer-rows 50 --few-cases 300 --many-cases 310 --entries-a-case 1 "
    "--office-cases 60 --office-applications 60 --mails 5 --page-seconds 0.1"
)


def test_all_parts_run_to_their_end():
    for peer in PEERS:
        pytest.importorskip(peer, reason="what is measured against comes with requirements-bench.txt")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "cpor_site.settings.base"}

    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", *SIZES.split()],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr[-4000:]
    for title in ("Import of 200 rows", "/cases/ with 20 of 310 cases", "first page", "Mail over TLS"):
        assert title in run.stdout
