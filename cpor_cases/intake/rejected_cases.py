"""Which cases on record the rejected rows of an import name: their people are told that something is missing."""

from cpor_cases.models import Case, ImportRun
from cpor_core.case_numbers import fold_word
from cpor_core.reading.texts import tidy
from cpor_core.reasons import Reason

from . import cells
from .cells import RowRejected
from .reading.rows import Row

OF_NO_CASE = {"unknown_court", "other_court", "later_line_counts"}
"""Reasons for which a row says nothing of a case here: it is another court's, or the line that counts instead is taken."""
CASES_AT_ONCE = 500
Key = tuple[str, int, str, int]


def cases_named(run: ImportRun, rejections: list[tuple[int, Reason, Row]]) -> dict[int, int]:
    """Return the keys of the cases that rows name, by line; rows of several courts name none that a clerk would see."""
    if run.court_id is None:
        return {}
    named = {
        line: key
        for line, reason, row in rejections
        if reason.code not in OF_NO_CASE and (key := _case_of(row)) is not None
    }
    known = _on_record(run.court_id, sorted(set(named.values())))
    return {line: known[key] for line, key in named.items() if key in known}


def _case_of(row: Row) -> Key | None:
    """Return category, year, word and number of the case that a row names; None if they cannot be read."""
    texts = {name: tidy(str(row.get(name) or "")) for name in ("category", "year", "word", "number")}
    try:
        return (
            cells.category(texts["category"]),
            cells.whole_number("year", texts["year"].removesuffix("年度"), 1, 999),
            fold_word(texts["word"]),
            cells.number(texts["number"]),
        )
    except RowRejected:
        return None


def _on_record(court: int, keys: list[Key]) -> dict[Key, int]:
    found = {}
    for start in range(0, len(keys), CASES_AT_ONCE):
        some = keys[start : start + CASES_AT_ONCE]
        _categories, years, words, numbers = (set(values) for values in zip(*some, strict=True))
        cases = Case.objects.filter(court=court, year__in=years, word__in=words, number__in=numbers)
        for pk, *key in cases.values_list("pk", "category", "year", "word", "number"):
            found[tuple(key)] = pk
    return found  # type: ignore[return-value]  # four columns make a key
