"""Write var/sbom.json, a CycloneDX bill of materials of an environment that holds what runs, and nothing else.

Run `python -m tools.build_sbom` (`make sbom`). It fails if a component is not at the version that is pinned.
"""

import json
import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "var" / "sbom.json"
_PIN = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)
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


def differing(components: list[dict], pinned: dict[str, str]) -> list[str]:
    """Return the components that are not at the version that is pinned."""
    found = ((normal(each["name"]), each["version"]) for each in components)
    return [
        f"{name} {version}"
        for name, version in found
        if name not in _OF_EVERY_ENVIRONMENT and pinned.get(name) != version
    ]


def build() -> None:
    tool = environment("sbom-tool", "requirements-sbom.txt") / "bin" / "cyclonedx-py"
    what_runs = environment("sbom-runtime", "requirements.txt")
    options = ["--output-reproducible", "--output-file", TARGET]
    subprocess.run([tool, "environment", *options, what_runs], check=True)  # noqa: S603 (our own words)
    components = json.loads(TARGET.read_text("utf-8"))["components"]
    if wrong := differing(components, pins()):
        sys.exit("Not at the version that is pinned: " + ", ".join(wrong))
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {len(components)} components, each as pinned\n")


if __name__ == "__main__":
    build()
