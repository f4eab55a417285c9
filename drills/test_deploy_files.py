"""The files of deploy/ are what systemd, Compose and builders of images take, and they agree with each other."""

import re
import shutil
import subprocess

import pytest

from tests.support.programs import find_program

from . import litestream
from .deployment import unit
from .environments import ROOT, run, with_requirements

SYSTEMD = ROOT / "deploy" / "systemd"
SERVICES = sorted(path.name for path in SYSTEMD.glob("*.service"))
MOST_EXPOSED = 2.0  # of 10, as systemd-analyze counts


def lint(program, *arguments):
    python = with_requirements(ROOT / "requirements-drills.txt")
    return run([python.parent / program, *arguments], cwd=ROOT)


def test_the_image_is_built_as_it_should_be():
    assert lint("hadolint", "deploy/Containerfile") == ""


def test_compose_knows_every_key():
    assert "ok" in lint("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml")


def test_systemd_takes_the_units(tmp_path):
    """They name a program that is not there on this machine: a file stands for it."""
    systemd = find_program("systemd-analyze", package="systemd")
    for path in SYSTEMD.iterdir():
        text = path.read_text(encoding="utf-8").replace("/srv/cpor/site/.venv/bin/", "/bin/")
        name = path.name.replace("@.", "@1.")
        (tmp_path / name).write_text(
            re.sub("/bin/(granian|python|litestream) ", "/bin/true ", text), encoding="utf-8"
        )

    done = subprocess.run(
        [systemd, "verify", "--man=no", *sorted(tmp_path.iterdir())], capture_output=True, text=True
    )

    assert [line for line in done.stderr.splitlines() if "cpor-" in line] == []


@pytest.mark.parametrize("name", SERVICES)
def test_each_unit_may_do_only_what_it_must(name):
    systemd = find_program("systemd-analyze", package="systemd")
    found = run([systemd, "security", "--offline=true", "--no-pager", SYSTEMD / name], cwd=ROOT)

    assert float(re.search(r"exposure level for \S+: ([0-9.]+)", found)[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("name", SERVICES)
def test_each_unit_starts_what_is_there(name):
    program, *_ = unit(name)["ExecStart"].replace("/srv/cpor/site/", f"{ROOT}/").split()

    assert shutil.which(litestream.program() if program.endswith("/litestream") else program)
