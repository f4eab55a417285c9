"""Chinese words inside longer runs, made findable: overlapping pairs of characters for the search index."""

import re
import unicodedata

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[a-z0-9]+")
# One character in two common spellings: people type the first, the court's papers have the second, or the other way round.
_SPELLINGS = str.maketrans("台証裏着佈佔污", "臺證裡著布占汙")
LONGEST_QUERY = 100


def grams_of_text(text: str) -> str:
    """Return what the index keeps of `text`: each character, each pair of neighbours, and all other words."""
    folded = fold(text)
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
    folded = "" if is_too_long(query) else fold(query)
    found = []
    for run in _RUN.findall(folded):
        found += _pairs(run) or [run]
    return " ".join(dict.fromkeys(found + _WORD.findall(folded)))


def fold(text: str) -> str:
    """Return text in one spelling: full width as narrow, capitals as small letters, 台 as 臺."""
    return unicodedata.normalize("NFKC", text).lower().translate(_SPELLINGS)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
