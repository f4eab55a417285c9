"""Another site takes the service in with newer releases of Wagtail and Django than those that it is tested with.

Whether it does is reported and fails nothing: such a release may change what it likes, and who works on something else is
not to wait for it. What is deprecated there is reported, too.
"""

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

    def versions(self) -> dict[str, str]:
        said = run([self.python, "-m", "pip", "list", "--format=freeze"], cwd=FOLDER)
        return {name: re.search(rf"^{name}==(\S+)", said, re.M | re.I)[1] for name in FRAMEWORKS}


def pinned() -> dict[str, str]:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return {name: re.search(rf"^{name}==(\S+)", pins, re.MULTILINE)[1] for name in FRAMEWORKS}


@pytest.mark.parametrize("releases", RELEASES)
def test_a_site_takes_the_service_in_with_the_newest_releases(releases, capsys):
    host = NewerHost(releases, environment={"PYTHONWARNINGS": "default"})
    try:
        host.start(wheel())
        versions = host.versions()
        if versions == pinned():
            pytest.skip(f"the newest is what every test runs with: {versions}")
        host.take(steps())
        said = host.manage("check") + host.walk("first")
    except Failed as failure:
        pytest.xfail(f"{releases}: {failure}")

    deprecated = sorted({*DEPRECATED.findall(said)})
    with capsys.disabled():
        sys.stdout.write(
            "\n  ".join([f"\n{releases}: {versions}: taken in, journey done", *deprecated]) + "\n"
        )
