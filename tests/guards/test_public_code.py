"""What others read about the project before they take it says what is so."""

import re
import tomllib

import pytest
import yaml
from django.conf import settings

from tools import build_sbom, build_third_party

ROOT = settings.BASE_DIR
PUBLIC = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REUSE = tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))
# All that the standard asks for but `url`, which comes when the repository is published.
REQUIRED = {
    "publiccodeYmlVersion", "name", "platforms", "developmentStatus", "softwareType", "description", "legal",
    "maintenance", "localisation",
}  # fmt: skip


def test_publiccode_has_what_its_standard_asks_for():
    assert not REQUIRED - {*PUBLIC}
    assert PUBLIC["maintenance"]["type"] == "community"
    assert PUBLIC["maintenance"]["contacts"]


def test_publiccode_says_the_version_and_licence_of_the_distribution():
    assert PUBLIC["softwareVersion"] == PYPROJECT["tool"]["hatch"]["version"]["fallback-version"]
    assert PUBLIC["legal"]["license"] == PYPROJECT["project"]["license"]


def test_publiccode_names_the_languages_of_the_site():
    languages = {code.lower() for code in PUBLIC["localisation"]["availableLanguages"]}

    assert languages == {code for code, _ in settings.LANGUAGES}


@pytest.mark.parametrize("language", PUBLIC["description"])
def test_publiccode_describes_the_service_at_the_lengths_that_catalogues_take(language):
    description = PUBLIC["description"][language]

    assert len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000


def test_each_licence_that_is_named_is_there_and_is_that_of_the_distribution():
    named = {each["SPDX-License-Identifier"] for each in REUSE["annotations"]}

    assert named == {path.stem for path in (ROOT / "LICENSES").iterdir()} == {PYPROJECT["project"]["license"]}
    assert (ROOT / "LICENSES" / "BSD-3-Clause.txt").read_text() == (ROOT / "LICENSE").read_text()


def test_the_list_of_third_party_software_has_every_line_of_the_requirements():
    listed = build_third_party.TARGET.read_text(encoding="utf-8")

    for each in build_third_party.required():
        [pin] = each.specifier
        assert re.search(rf"^\| \*\*{each.name}\*\* \| {re.escape(pin.version)} \|", listed, re.MULTILINE), (
            each
        )


def test_a_bill_of_materials_that_differs_from_the_pins_in_either_direction_is_found():
    components = [
        {"name": "Django", "version": "5.2.1"},
        {"name": "wagtail", "version": "8"},
        {"name": "pip", "version": "1"},
    ]
    pinned = {"django": "5.2.1", "wagtail": "8.1", "idna": "3.20"}

    assert build_sbom.differing(components, pinned) == ["idna 3.20", "wagtail 8", "wagtail 8.1"]


def test_the_list_of_third_party_software_is_what_the_lock_installs():
    listed = re.findall(
        r"^\| \**(\w[\w.-]*?)\** \| (\d\S*) \|", build_third_party.TARGET.read_text("utf-8"), re.MULTILINE
    )
    of_some_pythons = {"async-timeout"}  # 3.11.2 of Debian 12 needs it, 3.11.3 does not

    named = {build_sbom.normal(name): version for name, version in listed}
    differing = {*named.items()} ^ {*build_sbom.locked().items()}

    assert {name for name, _version in differing} <= of_some_pythons, "Run `make licences`."
