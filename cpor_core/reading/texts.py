"""The normal form of a cell, whichever program wrote it.

Spreadsheets and databases leave traces in what they export: their own line ends and trailing blanks, `="00123"` and a leading
apostrophe against automatic conversion, `_x000D_`, `1.15092E+11`. They are removed here for every format, so that the same cell
is stored as the same text.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from cpor_core.case_numbers import fold
from cpor_core.formulas import FORMULA_SIGNS

_CACHED = 4096  # the same few texts come again and again

# Wide figures, letters and blanks are narrow in running text; its punctuation stays as it is set.
_WIDE_LETTERS = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
_BLANKS = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_LINE_ENDS = (0x85, 0x2028, 0x2029)
_IN_RUNNING_TEXT = {
    **{code: code - 0xFEE0 for code in _WIDE_LETTERS},
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_LINE_ENDS, "\n"),
}
# Anchored at the first of several blanks: started at each of them, a match in a cell full of blanks would take hours.
_LINE_END = re.compile(r"(?<![ \t])[ \t]*(?:_x000[Dd]_)?(?:\r\n|\r|\n)")
_CARRIAGE_RETURN = re.compile(r"(?:_x000[Dd]_)+$")
_AS_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_AS_FORMULA_IN_PRINT = re.compile("=[“”„‟〝〞]([^“”„‟〝〞]*)[“”‟〝〞]")  # what a word processor makes of it
_GUARDED = re.compile(f"'+[{re.escape(''.join(FORMULA_SIGNS))}]")
_SHORTENED = re.compile(
    r"[+-]?[0-9](?:(?:[.,][0-9]*)? ?E ?\+[0-9]{2,3}|[.,][0-9]+ ?(?:E ?-?|[x×*] ?10 ?\^? ?\+?)[0-9]{1,3})",
    re.IGNORECASE,
)
_FLOAT = re.compile(r"([0-9]+)\.0+")
_NO_TEXT = {"NULL", "null", "(null)", "(NULL)", "<NULL>", r"\N", "None", "nan", "NaN", "NaT", "undefined"}
_MARKS_OF_NO_TEXT = ("NULL", "null", r"\N", "None", "nan", "NaN", "NaT", "undefined")
_NO_VALUE = {"null", "(null)", r"\n", "none", "nan", "nat", "n/a", "-", "--", "—", "無"}
_NO_DAY = re.compile(
    r"(?=.*0)[0/.-]+(?:[ T][0:.]+)?|1900[-/]0?1[-/]0?0(?: 0?0:00(?::00)?)?|1899-12-30|00:00:00"
)


def is_shortened(text: str) -> bool:
    """Whether a spreadsheet wrote a long number as 1.15092E+11: its last figures are lost."""
    return bool(_SHORTENED.fullmatch(text))


def means_nothing(text: str) -> bool:
    """Whether a program wrote this for an empty value in a column that may be empty (NULL, 0000-00-00)."""
    return text.lower() in _NO_VALUE or bool(_NO_DAY.fullmatch(text))


def are_any_shortened(texts: Sequence[str]) -> bool:
    joined = "".join(texts)
    # Fast path: most columns hold none.
    may_be = "+" in joined or "." in joined or "," in joined
    return may_be and any(map(is_shortened, texts))


def tidy(text: str, *, is_running_text: bool = False) -> str:
    """Return a cell in its normal form. Running text keeps its punctuation; anything else is folded as a whole."""
    return (_tidy_running_text if is_running_text else _tidy_key)(text)


def tidy_all(texts: Sequence[str], *, is_running_text: bool = False) -> list[str]:
    """Return `tidy` of each text; fast where nothing has to be changed."""
    joined = "".join(texts)
    if not joined:  # a column that is not used
        return list(texts)
    if joined.isascii() and not _has_traces(joined) and (is_running_text or ".0" not in joined):
        return list(map(str.strip, texts))
    return list(map(_tidy_running_text if is_running_text else _tidy_key, texts))


def _has_traces(text: str) -> bool:
    # Searched for one by one: an expression of alternatives takes twenty times as long.
    if "\n" in text or "\r" in text or "'" in text or '="' in text or "_x000D_" in text or "_x000d_" in text:
        return True
    return any(mark in text for mark in _MARKS_OF_NO_TEXT)


@lru_cache(_CACHED)
def _tidy_running_text(text: str) -> str:
    if not text.isascii():
        text = text.translate(_IN_RUNNING_TEXT)
    if "\n" in text or "\r" in text:
        text = _LINE_END.sub("\n", text)
    text = text.strip()
    if text.endswith("_"):
        text = _CARRIAGE_RETURN.sub("", text).rstrip()
    if text[:1] == "'" and _GUARDED.match(text):
        text = text[1:].strip()
    if text[:1] == "=":
        text = _without_formula(text)
    return "" if text in _NO_TEXT else text


@lru_cache(_CACHED)
def _tidy_key(text: str) -> str:
    text = _CARRIAGE_RETURN.sub("", fold(text)).rstrip()
    if text[:1] == "'":
        text = text[1:].strip()
    if text[:1] == "=":
        text = _without_formula(text)
    if found := _FLOAT.fullmatch(text):
        text = found[1]
    return "" if text in _NO_TEXT else text


def _without_formula(text: str) -> str:
    found = _AS_FORMULA.fullmatch(text) or _AS_FORMULA_IN_PRINT.fullmatch(text)
    return found[1].replace('""', '"').strip() if found else text
