"""Bigrams for the search index: Chinese is written without spaces, so words are found by overlapping pairs of characters."""

import re

from .spellings import fold_words

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[a-z0-9]+")
LONGEST_QUERY = 100


def grams_of_text(text: str) -> str:
    """Return the terms that the index keeps of `text`: single characters, pairs of neighbours, and words of other scripts."""
    folded = fold_words(text)
    found = []
    for run in _RUN.findall(folded):
        found += run
        found += _pairs(run)
    return " ".join(found + _WORD.findall(folded))


def is_too_long(query: str) -> bool:
    """Whether a query is too long to search for; a part of it would find what was not searched for."""
    return len(query) > LONGEST_QUERY


def grams_of_query(query: str) -> str:
    """Return the terms to search the index for; empty if the query is too long. Other characters, such as quotes and NUL, are dropped."""
    folded = "" if is_too_long(query) else fold_words(query)
    found = []
    for run in _RUN.findall(folded):
        found += _pairs(run) or [run]
    return " ".join(dict.fromkeys(found + _WORD.findall(folded)))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
