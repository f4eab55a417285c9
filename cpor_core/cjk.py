"""Chinese words inside longer runs, made findable: overlapping pairs of characters for the search index."""

import re

from .spellings import fold_words

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[a-z0-9]+")
LONGEST_QUERY = 100


def grams_of_text(text: str) -> str:
    """Return what the index keeps of `text`: each character, each pair of neighbours, and all other words."""
    folded = fold_words(text)
    found = []
    for run in _RUN.findall(folded):
        found += run
        found += _pairs(run)
    return " ".join(found + _WORD.findall(folded))


def is_too_long(query: str) -> bool:
    """Whether there is too much in it to ask the index for; a part of it would find what was not asked for."""
    return len(query) > LONGEST_QUERY


def grams_of_query(query: str) -> str:
    """Return what to ask the index for; nothing if it is too long. Everything else, quotes and NUL included, falls away."""
    folded = "" if is_too_long(query) else fold_words(query)
    found = []
    for run in _RUN.findall(folded):
        found += _pairs(run) or [run]
    return " ".join(dict.fromkeys(found + _WORD.findall(folded)))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
