"""Write docs/third-party.md: whatever runs with the service, and its licence, as the installed packages say it.

Run `python -m tools.build_third_party` (`make licences`) after a change to requirements.txt or constraints.txt, and
commit what it writes. A test holds that each line of requirements.txt is in it.
"""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "third-party.md"
HEAD = """# Third-party software

What runs with the service: each line of `requirements.txt` in bold, then what these bring along. The service copies none of it into
its own sources. Written by `make licences` from the metadata of the installed packages; where a package says nothing, so does this list.

| package | version | licence |
| --- | --- | --- |
"""


def required() -> list[Requirement]:
    """Return the lines of requirements.txt."""
    lines = (
        line.split(" #")[0].strip() for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    )
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def runtime() -> dict[str, Distribution]:
    """Return the installed packages that requirements.txt leads to, by canonical name."""
    found: dict[str, Distribution] = {}
    done = set()
    waiting = required()
    while waiting:
        each = waiting.pop()
        key = (canonicalize_name(each.name), frozenset(each.extras))
        if key in done:
            continue
        done.add(key)
        try:
            package = found[key[0]] = distribution(each.name)
        except PackageNotFoundError:
            continue  # of another system or Python
        waiting += [one for one in map(Requirement, package.requires or []) if _applies(one, each.extras)]
    return found


def _applies(requirement: Requirement, extras: set[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ["", *extras])


def licence(package: Distribution) -> str:
    """Return the licence: the SPDX expression, else the classifiers, else the first line of the old field."""
    metadata = package.metadata
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = [each for each in metadata.get_all("Classifier", []) if each.startswith("License ::")]
    names = [each.rsplit(" :: ", 1)[-1] for each in classifiers]
    if names := [name for name in names if name != "OSI Approved"]:
        return ", ".join(names)
    return (metadata.get("License") or "not stated").strip().splitlines()[0]


def text() -> str:
    """Return the page."""
    asked_for = {canonicalize_name(each.name) for each in required()}
    rows = []
    for name, package in sorted(runtime().items()):
        shown = f"**{name}**" if name in asked_for else name
        rows.append(f"| {shown} | {package.version} | {re.sub(r'[|]', '/', licence(package))} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
