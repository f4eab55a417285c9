"""Write var/sbom.json, a CycloneDX bill of materials of an environment that holds what runs, and nothing else.

Run `python -m tools.build_sbom` (`make sbom`). The environment is installed from requirements.lock, as `./install` does. It fails if a component
is not at the version that is pinned there, or a pin is no component.
"""

import json
import re
import subprocess
import sys
import venv
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "var" / "sbom.json"
_PIN = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)
_LOCKED = re.compile(r"^([\w.-]+==[^\\\n]+)", re.MULTILINE)
_OF_EVERY_ENVIRONMENT = {"pip", "setuptools"}


def environment(name: str, requirements: str) -> Path:
    """Make an environment afresh and return its folder."""
    folder = ROOT / "var" / name
    venv.create(folder, with_pip=True, clear=True)
    python = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*python, "--requirement", ROOT / requirements], check=True)  # noqa: S603 (our own words)
    return folder


def normal(name: str) -> str:
    """Return a package's name in the one spelling of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    """Return the pinned version of each package."""
    texts = [(ROOT / name).read_text("utf-8") for name in ("constraints.txt", "requirements.txt")]
    return {normal(name): version for text in texts for name, version in _PIN.findall(text)}


def locked() -> dict[str, str]:
    """Return what requirements.lock installs on this machine, by name."""
    found = map(Requirement, _LOCKED.findall((ROOT / "requirements.lock").read_text("utf-8")))
    return {
        normal(each.name): next(iter(each.specifier)).version
        for each in found
        if each.marker is None or each.marker.evaluate()
    }


def differing(components: list[dict], pinned: dict[str, str]) -> list[str]:
    """Return what is only a component or only a pin, each with its version."""
    found = {(normal(each["name"]), each["version"]) for each in components}
    found = {each for each in found if each[0] not in _OF_EVERY_ENVIRONMENT}
    return sorted(f"{name} {version}" for name, version in found ^ {*pinned.items()})


def build() -> None:
    tool = environment("sbom-tool", "requirements-sbom.txt") / "bin" / "cyclonedx-py"
    what_runs = environment("sbom-runtime", "requirements.lock")
    options = ["--output-reproducible", "--output-file", TARGET]
    subprocess.run([tool, "environment", *options, what_runs], check=True)  # noqa: S603 (our own words)
    components = json.loads(TARGET.read_text("utf-8"))["components"]
    if wrong := differing(components, locked()):
        sys.exit("Only in the bill or only pinned: " + ", ".join(wrong))
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {len(components)} components, each pin one of them\n")


if __name__ == "__main__":
    build()
