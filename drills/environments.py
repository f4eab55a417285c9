"""Virtual environments and programs of the drills, all below var/drills/."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "drills"
# Of the machine that runs the drills, never of the site that is drilled.
NOT_PASSED_ON = {
    "DATABASE_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "PYTHONPATH",
    "VAR_DIR",
    "VIRTUAL_ENV",
}


class Failed(Exception):
    """A program failed; the message holds what it printed."""


def run(
    command: Sequence[str | Path], *, cwd: Path, environment: Mapping[str, str] | None = None, given: str = ""
) -> str:
    """Run a program and return what it printed. `given`: what it reads."""
    own = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    done = subprocess.run(  # noqa: S603
        [*map(str, command)], cwd=cwd, env=own | dict(environment or {}), text=True,
        input=given,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command))} exited {done.returncode}:\n{done.stdout}")
    return done.stdout


def with_requirements(path: Path) -> Path:
    """Return the Python of an environment that has these requirements, made when they change."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return made(f"{path.stem}-{digest}", "-r", str(path))


def made(name: str, *installed: str, python: str | None = None) -> Path:
    """Return the Python of an environment by this name.

    `installed`: what pip is to install where it is new. `python`: of which it is made, none is the one that runs this.
    """
    folder = FOLDER / name
    made_python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        run([python or sys.executable, "-m", "venv", "--clear", folder], cwd=ROOT)
        if installed:
            run([made_python, "-m", "pip", "install", "--quiet", *installed], cwd=ROOT)
        (folder / "complete").touch()
    return made_python
