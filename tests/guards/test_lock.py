"""The locks hold what requirements.txt and constraints.txt pin, with hashes, and no address of a package index."""

import re

import pytest
from django.conf import settings
from packaging.markers import Marker
from packaging.requirements import Requirement

from tools.build_lock import LISTS
from tools.build_sbom import normal, pins

ROOT = settings.BASE_DIR
STALE = "Run `make lock` and commit what it writes."
HERE = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "implementation_name": "cpython",
}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def locked(name: str) -> dict[str, Requirement]:
    """Return what a lock installs where the service runs, by name."""
    lines = re.sub(r"\\\n.*?(?=\n\S|\Z)", "", text_of(f"{name}.lock"), flags=re.DOTALL).splitlines()
    found = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    return {
        normal(each.name): each
        for each in found
        if each.marker is None or Marker(str(each.marker)).evaluate(HERE | {"python_full_version": "3.11.2"})
    }


def asked_for(name: str) -> dict[str, str]:
    """Return the pins of a list of requirements and of those that it includes."""
    found = {}
    for line in text_of(f"{name}.txt").splitlines():
        if included := re.match(r"-r (\S+)\.txt", line):
            found |= asked_for(included[1])
        elif pin := re.match(r"([\w.-]+)(?:\[[^]]*\])?==(\S+)", line):
            found[normal(pin[1])] = pin[2]
    return found


@pytest.mark.parametrize("name", LISTS)
def test_a_lock_has_every_requirement_at_its_pin(name):
    held = {each: str(requirement.specifier) for each, requirement in locked(name).items()}

    assert {each: held.get(each) for each in asked_for(name)} == {
        each: f"=={version}" for each, version in asked_for(name).items()
    }, STALE


@pytest.mark.parametrize("name", LISTS)
def test_what_a_lock_brings_along_is_pinned_with_its_version(name):
    pinned = pins() | asked_for(name)

    held = {each: str(requirement.specifier) for each, requirement in locked(name).items()}

    assert held == {each: f"=={pinned.get(each)}" for each in held}, STALE


@pytest.mark.parametrize("name", LISTS)
def test_each_package_of_a_lock_has_hashes(name):
    entries = re.split(r"\n(?=[a-z0-9])", text_of(f"{name}.lock").split("\n", 1)[1], flags=re.IGNORECASE)

    assert len(entries) > 50
    assert [
        entry.split("==")[0] for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)
    ] == []


@pytest.mark.parametrize("name", LISTS)
def test_a_lock_names_no_package_index(name):
    assert "://" not in text_of(f"{name}.lock")
    assert "--index" not in text_of(f"{name}.lock")
