"""The bytes that are hashed are those of the specification: the test vectors, here and in the program for courts."""

import hashlib
import json

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from cpor_cases.intake.text_meaning import meaning
from cpor_cases.manifests import canonical
from cpor_cases.manifests.canonical import Facts
from cpor_core import roc_dates
from cpor_core.reading.texts import tidy
from tests.support.examples import load_example

VECTORS = json.loads((settings.BASE_DIR / "examples" / "manifest_vectors.json").read_text(encoding="utf-8"))
court_side = load_example("send_manifest")


def facts_of(row: dict) -> Facts:
    moments = {
        name: roc_dates.parse_moment(row[name]) if row[name] else None
        for name in ("recorded_at", "hearing_at", "moved_from")
    }
    return Facts(**row | moments)


@pytest.mark.parametrize("vector", VECTORS["entries"], ids=lambda vector: vector["says"])
def test_an_entry_of_the_vectors(vector):
    facts = facts_of(vector["row"])

    assert canonical.canonical(facts) == vector["canonical"] == court_side.canonical(vector["row"])
    assert canonical.digest_of_entry(facts) == vector["digest"] == court_side.digest_of_entry(vector["row"])
    assert hashlib.sha256(vector["canonical"].encode()).hexdigest() == vector["digest"]
    assert vector["canonical"].count("\n") == 11


@pytest.mark.parametrize("vector", VECTORS["groups"], ids=lambda vector: vector["says"])
def test_a_group_of_the_vectors(vector):
    assert canonical.digest_of_group(vector["entries"]) == vector["digest"]
    assert court_side.digest_of_group(reversed(vector["entries"])) == vector["digest"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"], exclude_characters="\0"), max_size=40))
def test_a_text_is_the_same_for_the_court_and_for_us_as_it_is_stored(text):
    stored = tidy(text, is_running_text=True)
    if meaning(stored) == meaning(text):  # but for what spreadsheets leave in a cell
        assert court_side.canonical_text(text) == meaning(stored)
