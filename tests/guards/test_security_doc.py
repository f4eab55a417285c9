"""docs/security.md says of each requirement of OWASP ASVS 5.0, levels 1 and 2, how it stands; what it names exists."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
RESULTS = {"met", "not met", "not applicable"}
NUMBER = re.compile(r"V\d+\.\d+\.\d+")
SECTION = re.compile(r"\*\*(V\d+\.\d+)\*\*")
PLACE = re.compile(
    r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|md|txt|toml|html|js|po|example)|\.env\.example)(?:::(\w+))?`"
)


def standard() -> dict[str, list[str]]:
    """The sections of the standard, each with the numbers of its requirements of levels 1 and 2 (some have none)."""
    lines = (ROOT / "tests" / "guards" / "asvs_5_0_level_2.txt").read_text(encoding="ascii").splitlines()
    sections = (line.split(":") for line in lines)
    return {name: [f"{name}.{number}" for number in numbers.split()] for name, numbers in sections}


def rows() -> list[list[str]]:
    """The cells of each row of the table."""
    table = DOCUMENT.split("## OWASP ASVS")[1]
    lines = (line for line in table.splitlines() if line.startswith(("| V", "| **V")))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def assessed() -> list[list[str]]:
    """The rows that say how something stands: of requirements, and of sections that have none of these levels."""
    return [row for row in rows() if row[2] or not SECTION.match(row[0])]


def test_every_section_stands_in_the_table_once_and_in_order():
    found = [section[1] for row in rows() if (section := SECTION.match(row[0]))]

    assert found == list(standard())


def test_every_requirement_stands_in_its_section_once():
    found: dict[str, list[str]] = {}
    for row in rows():
        if section := SECTION.match(row[0]):
            current = found.setdefault(section[1], [])
        else:
            current += NUMBER.findall(row[0])

    assert {name: sorted(numbers) for name, numbers in found.items()} == {
        name: sorted(numbers) for name, numbers in standard().items()
    }
    assert max(Counter(number for numbers in found.values() for number in numbers).values()) == 1


def test_every_row_has_a_result_and_says_why():
    for number, asks_for, result, why in assessed():
        assert result in RESULTS, number
        assert asks_for, number
        assert why, number
        if result == "not met":
            assert len(PLACE.sub("", why).split()) >= 12, f"{number}: say why not, and what stands in for it"
        if result == "met":
            assert PLACE.search(why) or "above" in why, f"{number}: name the test or the file"


def test_every_test_and_file_that_is_named_exists():
    missing = {
        f"{file}::{test}" if test else file
        for file, test in PLACE.findall(DOCUMENT)
        if not (ROOT / file).exists() or (test and test not in names_in(file))
    }

    assert not missing


@cache
def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(
    "setting", ["SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "LANGUAGE_COOKIE_HTTPONLY"]
)
def test_no_cookie_of_ours_is_for_scripts(settings, setting):
    assert getattr(settings, setting)


def test_passwords_are_stretched_as_the_standard_asks():
    """The tests hash cheaply: what the site uses is Django's first."""
    first = global_settings.PASSWORD_HASHERS[0].rsplit(".", 1)[1]

    assert first == PBKDF2PasswordHasher.__name__
    assert PBKDF2PasswordHasher.iterations >= 600_000
