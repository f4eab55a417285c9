"""Whether a text mentions one of many names, addresses or numbers, however both are spelled.

Searched in Python, not by the database: SQLite accepts no condition of a thousand parts and folds no column. Each text is
read once, however many words there are.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from .spellings import fold_search, fold_words

SHORTEST = 2  # characters; a shorter word would be found in everything
FEWEST_FIGURES = 5  # of a number alone: a shorter one is a day, an hour or a sum, and names nobody
START = 5  # characters by which a word is looked up: of two, thousands of receipt numbers of one year would be the same
_NUMBER_OF_A_CASE = "(?<!字第)"


class Mentions:
    """The words to search for. Width, case, blanks and punctuation are ignored."""

    def __init__(self, words: Iterable[str]):
        self._by_start: dict[str, list[tuple[str, re.Pattern | None]]] = defaultdict(list)
        for word in words:
            folded = fold_search(word)
            if len(folded) >= (FEWEST_FIGURES if folded.isdecimal() else SHORTEST):
                self._by_start[folded[:START]].append((folded, _alone(word, folded)))
        self._lengths = sorted({len(start) for start in self._by_start})

    def __bool__(self) -> bool:
        return bool(self._by_start)

    def are_in(self, text: str) -> bool:
        """Whether a text holds one of the words. Latin words and numbers match only as whole words."""
        folded = fold_search(text)
        for length in self._lengths:
            for place in range(len(folded) - length + 1):
                for word, alone in self._by_start.get(folded[place : place + length], ()):
                    if folded.startswith(word, place) and (alone is None or alone.search(fold_words(text))):
                        return True
        return False


def _alone(word: str, folded: str) -> re.Pattern | None:
    """Return what finds a word by itself in a text that has kept its blanks and marks; None for one that needs no such care:
    Chinese is written without gaps."""
    if folded.isdecimal():
        # A number with other marks between its figures is a date.
        figures = re.escape("".join(fold_words(word).split()))
        return re.compile(rf"(?<![0-9]){_NUMBER_OF_A_CASE}{figures}(?![0-9])")
    first, last = _edge(folded[0]), _edge(folded[-1])
    if not first and not last:
        return None
    before, after = f"(?<!{first})" if first else "", f"(?!{last})" if last else ""
    return re.compile(before + r"[\W_]*".join(map(re.escape, folded)) + after)


def _edge(character: str) -> str:
    if not character.isascii():
        return ""
    return "[0-9]" if character.isdecimal() else "[a-z]"


def rows_mentioning(rows: QuerySet, column: str, words: Iterable[str]) -> QuerySet:
    """Return the rows in whose column one of the words is mentioned. Reads all of them."""
    mentions = Mentions(words)
    if not mentions:
        return rows.none()
    texts = rows.values_list("pk", column).iterator(chunk_size=2000)
    return rows.filter(pk__in=[key for key, text in texts if mentions.are_in(text)])
