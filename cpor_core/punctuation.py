"""Punctuation between parts of a sentence that is composed in Python: full width in Chinese, followed by a blank in English."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def colon() -> str:
    """Return the colon between a label and a value."""
    return pgettext("after a label", ": ")


def labelled(label: object, text: object) -> str:
    """Return “label: text”."""
    return f"{label}{colon()}{text}"


def listed(items: Iterable[object]) -> str:
    """Return the items of a list in a sentence: “a, b, c”."""
    return pgettext("list", ", ").join(map(str, items))


def in_a_row(parts: Iterable[object]) -> str:
    """Return parts that are longer than a word, or have commas of their own: “a: 1; b: 2”."""
    return pgettext("between parts", "; ").join(map(str, parts))
