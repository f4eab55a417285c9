"""The source distribution and the wheel, built as a release is: the wheel from the source distribution."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from .environments import FOLDER, ROOT, run, with_requirements

PREVIOUS = Path(__file__).with_name("previous_release")  # version and commit


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


@dataclass(frozen=True)
class Release:
    """A release of before: its wheel, and the page of steps that came with it."""

    wheel: Path
    page: Path


@cache
def previous() -> Release:
    """Return the release that PREVIOUS names, built from its commit: a clone may lack the tag."""
    version, commit = PREVIOUS.read_text(encoding="ascii").split()
    if subprocess.run(["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, check=False).returncode:  # noqa: S603, S607
        pytest.skip(f"this clone lacks the history: release {version}, {commit}")
    folder = FOLDER / f"release-{version}-{commit[:12]}"
    if not (folder / "dist").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        run(["git", "archive", "--output", folder / "source.tar", commit], cwd=ROOT)
        shutil.unpack_archive(folder / "source.tar", folder / "source")
        os.environ["SETUPTOOLS_SCM_PRETEND_VERSION_FOR_CPOR"] = version
        tool("build", "--wheel", "--outdir", folder / "dist", folder / "source")
        del os.environ["SETUPTOOLS_SCM_PRETEND_VERSION_FOR_CPOR"]
    [wheel] = (folder / "dist").glob("*.whl")
    return Release(wheel, folder / "source" / "docs" / "extension.md")
