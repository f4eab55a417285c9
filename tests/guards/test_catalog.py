"""The catalog holds what the sources say: `make messages` must find every string, and lose none."""

import ast
import re

import polib
from django.conf import settings

ROOT = settings.BASE_DIR
SOURCES = [
    path
    for folder in ("cpor_core", "cpor_cases", "cpor_pages", "site")
    for path in (ROOT / folder).rglob("*.py")
]
IS_GETTEXT = re.compile(r"_|(n|np|p)?gettext(_lazy|_noop)?")


def calls_in_formatted_strings(path):
    for string in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(string, ast.JoinedStr):
            yield from (each for each in ast.walk(string) if isinstance(each, ast.Call))


def test_no_string_to_be_translated_stands_in_a_formatted_one():
    """xgettext does not read f-strings: `make messages` would drop the translation."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        for call in calls_in_formatted_strings(path)
        if isinstance(call.func, ast.Name) and IS_GETTEXT.fullmatch(call.func.id)
    ]

    assert len(SOURCES) > 400
    assert hidden == []


def test_the_catalog_has_neither_dropped_nor_doubtful_entries():
    catalogs = [polib.pofile(path) for path in (ROOT / "locale").rglob("*.po")]

    assert len(catalogs) > 1
    assert not [entry.msgid for catalog in catalogs for entry in catalog if entry.obsolete or entry.fuzzy]
