"""Chinese words inside longer runs, made findable: overlapping pairs of characters for the search index."""

import re

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[a-z0-9]+")
LONGEST_QUERY = 100


def grams_of_text(text: str) -> str:
    """Return what the index keeps of `text`: each character, each pair of neighbours, and all other words."""
    folded = text.lower()
    found = []
    for run in _RUN.findall(folded):
        found += run
        found += _pairs(run)
    return " ".join(found + _WORD.findall(folded))


def grams_of_query(query: str) -> str:
    """Return what to ask the index for. Everything else, quotes and NUL included, falls away."""
    folded = query[:LONGEST_QUERY].lower()
    found = []
    for run in _RUN.findall(folded):
        found += _pairs(run) or [run]
    return " ".join(dict.fromkeys(found + _WORD.findall(folded)))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
