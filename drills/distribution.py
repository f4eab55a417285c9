"""The source distribution and the wheel, built as a release is: the wheel from the source distribution."""

import shutil
from functools import cache
from pathlib import Path

from .environments import FOLDER, ROOT, run, with_requirements


def tool(*arguments: str | Path) -> str:
    """Run a module of the environment that has the tools of packaging."""
    return run([with_requirements(ROOT / "requirements-drills.txt"), "-m", *arguments], cwd=ROOT)


@cache
def built() -> Path:
    """Return the folder with the distributions of the work tree."""
    folder = FOLDER / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    tool("build", "--outdir", folder, ROOT)
    return folder


def wheel() -> Path:
    [path] = built().glob("*.whl")
    return path


def source() -> Path:
    [path] = built().glob("*.tar.gz")
    return path
