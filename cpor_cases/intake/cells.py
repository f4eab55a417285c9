"""What a single cell says, or the reason why its row cannot be taken."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from cpor_core import plausible_dates, roc_dates
from cpor_core.reading.texts import is_shortened, means_nothing
from cpor_core.reasons import Reason, Unfit

from .columns import CATEGORIES, HEADINGS, MAX_LENGTHS, REQUIRED, CaseText, EntryMoment

LARGEST_NUMBER = 9_999_999
_YES_NO = {
    **dict.fromkeys(("", "0", "no", "n", "false", "否"), False),
    **dict.fromkeys(("1", "yes", "y", "true", "是"), True),
}


class RowRejected(Exception):
    """The row cannot be taken. As text it is the reason in the language now active, with the Chinese headings."""

    def __init__(self, reason: Reason):
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason.named(HEADINGS).sentence()


def _rejected(code: str, key: str, **parameters) -> RowRejected:
    return RowRejected(Reason(code, key, parameters))


def rejected_for(code: str, key: str, text: str, **parameters) -> RowRejected:
    return _rejected(code, key, text=text[:80], **parameters)


def require_filled(texts: dict[str, str], *, but: str = "") -> None:
    missing = [key for key in REQUIRED if not texts[key] and key != but]
    if missing:
        raise _rejected("missing", missing[0], missing=missing)


def require_length(texts: dict[str, str]) -> None:
    for key, longest in MAX_LENGTHS.items():
        if len(texts[key]) > longest:
            raise _rejected("too_long", key, length=len(texts[key]), longest=longest)


def refuse_shortened(texts: dict[str, str]) -> None:
    """A number that a spreadsheet shortened names many entries: none can be told from the others."""
    for key in ("entry_id", "number"):
        if is_shortened(texts[key]):
            raise rejected_for("number_shortened", key, texts[key])


def category(text: str) -> str:
    try:
        return CATEGORIES[text.lower()]
    except KeyError:
        raise rejected_for("unknown_category", "category", text) from None


@lru_cache(512)  # of one case after the other
def number(text: str) -> int:
    return whole_number("number", text.removesuffix("號").removeprefix("第"), 1, LARGEST_NUMBER)


def case_text(column: CaseText, text: str) -> str:
    return text.removesuffix(column.ending)


def case_texts(column: CaseText, texts: Sequence[str]) -> Sequence[str]:
    return [text.removesuffix(column.ending) for text in texts] if column.ending else texts


def whole_number(key: str, text: str, least: int, most: int) -> int:
    if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
        return int(text)
    raise rejected_for("not_a_number", key, text, least=least, most=most)


def moment_of(
    column: EntryMoment, days: Callable[[int], plausible_dates.Days], text: str, case_year: int
) -> dt.datetime | None:
    """Return the moment of a cell, None of an empty one. Raises RowRejected if it cannot be read, or cannot be right."""
    if not text:
        return None
    try:
        moment = roc_dates.parse_moment(text)
        days(case_year).require_moment(moment)
    except Unfit as error:
        if not column.is_required and means_nothing(text):
            return None
        raise _rejected(error.code, column.key, **error.parameters) from None
    return moment


@lru_cache(4096)
def yes_or_no(text: str) -> bool:
    try:
        return _YES_NO[text.lower()]
    except KeyError:
        if means_nothing(text):
            return False
        raise rejected_for("not_yes_or_no", "withdrawn", text) from None
