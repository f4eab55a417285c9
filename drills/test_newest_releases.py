"""Another site takes the service in with newer releases of Wagtail and Django than those that it is tested with.

Whether it does is reported and fails nothing: such a release may change what it likes, and who works on something else is
not to wait for it. What is deprecated there is reported, too.
"""

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from .distribution import wheel
from .environments import FOLDER, ROOT, Failed, made, run
from .hosts import Host
from .steps import steps

FRAMEWORKS = ["django", "wagtail"]
DEPRECATED = re.compile(r"\bRemovedIn\w+Warning: .*")
RELEASES = {"released": [], "announced": ["--pre"]}  # what pip is told


@cache
def newest_python() -> str | None:
    """Return the newest Python of this machine that the service takes: newer releases of Django ask for it."""
    for name in ("python3.13", "python3.12"):
        if (path := shutil.which(name)) and not subprocess.run(
            [path, "-c", ""], capture_output=True
        ).returncode:
            return path
    return None


class NewerHost(Host):
    """A site with the newest releases of both frameworks."""

    @property
    def python(self) -> Path:
        return made(f"host-{self.name}", python=newest_python())

    def install(self, wheel: Path) -> None:
        super().install(wheel)
        pip = [self.python, "-m", "pip", "install", "--quiet", "--upgrade", *RELEASES[self.name]]
        run([*pip, *FRAMEWORKS], cwd=FOLDER)

    def newest(self) -> dict[str, str]:
        """Return the versions that pip would install, which it says without doing so."""
        report = FOLDER / f"{self.name}.json"
        asked = ["--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--report", report]
        run([self.python, "-m", "pip", "install", *asked, *RELEASES[self.name], *FRAMEWORKS], cwd=FOLDER)
        found = [each["metadata"] for each in json.loads(report.read_text(encoding="utf-8"))["install"]]
        return {each["name"].lower(): each["version"] for each in found}


def pinned() -> dict[str, str]:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return {name: re.search(rf"^{name}==(\S+)", pins, re.MULTILINE)[1] for name in FRAMEWORKS}


@pytest.mark.parametrize("releases", RELEASES)
def test_a_site_takes_the_service_in_with_the_newest_releases(releases, capsys):
    host = NewerHost(releases, environment={"PYTHONWARNINGS": "default"})
    try:
        versions = host.newest()
        if versions == pinned():
            pytest.skip(f"the newest is what every test runs with: {versions}")
        host.start(wheel())
        host.take(steps())
        said = host.manage("check") + host.walk("first")
    except Failed as failure:
        pytest.xfail(f"{releases}: {failure}")

    deprecated = sorted({*DEPRECATED.findall(said)})
    with capsys.disabled():
        sys.stdout.write(
            "\n  ".join([f"\n{releases}: {versions}: taken in, journey done", *deprecated]) + "\n"
        )
