"""Rows as sent → clean rows, or the reason why one cannot be taken."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from django.utils import timezone

from cpor_core import case_numbers, plausible_dates, roc_dates
from cpor_core.case_numbers import fold_word
from cpor_core.models import CaseWord, Category, Court, ProgressKind
from cpor_core.reading.texts import are_any_shortened, is_shortened, means_nothing, tidy, tidy_all
from cpor_core.reasons import Reason, Unfit
from cpor_core.spellings import spell_out
from cpor_core.translated.fields import texts

from .reading.rows import HEADINGS, REQUIRED, Block, MalformedRow, NotPlain, Row

SERIES = ("court", "category", "year", "word")
LARGEST_NUMBER = 9_999_999
LONGEST = {"division": 20, "cause": 200, "entry_id": 60, "detail": 500, "courtroom": 60}
CATEGORIES = {
    **{value: value for value in Category.values},
    "民事": Category.CIVIL,
    "家事": Category.FAMILY,
    "刑事": Category.CRIMINAL,
    "行政": Category.ADMINISTRATIVE,
}
# The same few texts come again and again: what was made of them is kept, so many of them at most.
_KEPT = 4096
fold = lru_cache(_KEPT)(case_numbers.fold)
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


def _rejected_for(code: str, key: str, text: str, **parameters) -> RowRejected:
    return _rejected(code, key, text=text[:80], **parameters)


class Series(NamedTuple):
    """What cases are numbered in, from 1 on: the court (by its key), category, year of the Republic and word."""

    court_id: int
    category: str
    year: int
    word: str


class SentCase(NamedTuple):
    """A case as a row names it; division and cause are empty where the row says nothing of them."""

    series: Series
    number: int
    division: str
    cause: str


class CleanRow(NamedTuple):
    """One row that can be stored: rows of the database by key, moments aware, texts folded."""

    line: int
    case: SentCase
    entry_id: str
    recorded_at: dt.datetime
    kind_id: int
    detail: str
    hearing_at: dt.datetime | None
    courtroom: str
    withdrawn: bool


class CleanRows(NamedTuple):
    """Clean rows, column by column. A case may be a plain tuple of the same members."""

    line: Sequence[int]
    case: Sequence[tuple]
    entry_id: Sequence[str]
    recorded_at: Sequence[dt.datetime]
    kind_id: Sequence[int]
    detail: Sequence[str]
    hearing_at: Sequence[dt.datetime | None]
    courtroom: Sequence[str]
    withdrawn: Sequence[bool]


@dataclass
class Checker:
    """Checks rows against what is on record; everything looked up is read once and kept for the whole import."""

    sender: Court | None = None
    """Whose rows alone are taken; None takes any court's."""
    _words: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)

    def __post_init__(self):
        self._series, self._kind = lru_cache(_KEPT)(self._find_series), lru_cache(_KEPT)(self._find_kind)
        self._today = timezone.localdate()
        self._recorded = lru_cache(2 * _KEPT)(
            partial(_moment, "recorded_at", self._days(plausible_dates.of_entry))
        )
        self._hearing = lru_cache(2 * _KEPT)(
            partial(_moment, "hearing_at", self._days(plausible_dates.of_hearing))
        )

    def _days(self, of_kind: Callable) -> Callable[[int], plausible_dates.Days]:
        """Return the days plausible in a case of a year, as of the day on which the import began."""
        return lru_cache(lambda case_year: of_kind(case_year, self._today))

    def look_up(self) -> None:
        """Read now what rows are checked against; checking them asks nothing more of the database."""
        self._courts, self._kinds, self._all_words  # noqa: B018

    @cached_property
    def _courts(self) -> dict[str, Court]:
        courts = list(Court.objects.all())
        by_name = {spell_out(fold(name)): court for court in courts for name in texts(court, "name").values()}
        return by_name | {court.code: court for court in courts}

    @cached_property
    def _kinds(self) -> dict[str, int]:
        kinds = list(ProgressKind.objects.all())
        return {fold(name): kind.pk for kind in kinds for name in (*texts(kind, "name").values(), kind.code)}

    @cached_property
    def _all_words(self) -> list[CaseWord]:
        return list(CaseWord.objects.only("category", "court_tier", "word"))

    def check_together(self, block: Block) -> CleanRows:
        """Return what `check` returns of each row of a block. Raises NotPlain if it rejects one of them, and may otherwise."""
        texts = {key: tidy_all(key, cells) for key, cells in block.columns().items() if key}
        if not all(map(all, (texts[key] for key in REQUIRED))):
            raise NotPlain
        if are_any_shortened(texts["entry_id"]):
            raise NotPlain
        if any(max(map(len, texts[key])) > longest for key, longest in LONGEST.items()):
            raise NotPlain
        try:
            series = list(map(self._series, *(texts[key] for key in SERIES)))
            years = [each.year for each in series]
            divisions = map(_division, texts["division"])
            return CleanRows(
                line=block.lines(),
                case=list(zip(series, map(_number, texts["number"]), divisions, texts["cause"], strict=True)),
                entry_id=texts["entry_id"],
                recorded_at=list(map(self._recorded, texts["recorded_at"], years)),
                kind_id=list(map(self._kind, texts["kind"])),
                detail=texts["detail"],
                hearing_at=[
                    self._hearing(text, year) if text else None
                    for text, year in zip(texts["hearing_at"], years, strict=True)
                ],
                courtroom=texts["courtroom"],
                withdrawn=list(map(_yes_or_no, texts["withdrawn"])),
            )
        except RowRejected as error:
            raise NotPlain from error

    def check(self, line: int, row: Row) -> CleanRow:
        """Return the clean row. Raises RowRejected with the first reason found."""
        if isinstance(row, MalformedRow):
            raise RowRejected(row.reason)
        texts = {key: tidy(key, row.get(key) or "") for key in HEADINGS}
        withdrawn = _yes_or_no(texts["withdrawn"])
        _require(texts, but="recorded_at" if withdrawn else "")
        _limit(texts)
        _refuse_shortened(texts)
        series = self._series(*(texts[key] for key in SERIES))
        recorded_at, hearing_at = (self._moments_of_withdrawal if withdrawn else self._moments)(
            texts, series.year
        )
        return CleanRow(
            line=line,
            case=SentCase(
                series,
                _number(texts["number"]),
                _division(texts["division"]),
                texts["cause"],
            ),
            entry_id=texts["entry_id"],
            recorded_at=recorded_at,
            kind_id=self._kind(texts["kind"]),
            detail=texts["detail"],
            hearing_at=hearing_at,
            courtroom=texts["courtroom"],
            withdrawn=withdrawn,
        )

    def _moments(self, texts: dict[str, str], year: int) -> tuple[dt.datetime, dt.datetime | None]:
        return self._recorded(texts["recorded_at"], year), self._hearing(texts["hearing_at"], year)

    def _moments_of_withdrawal(
        self, texts: dict[str, str], year: int
    ) -> tuple[dt.datetime, dt.datetime | None]:
        """Take a withdrawal whatever its dates: they are as bad as those of the entry that is to go.

        They count for nothing but where the entry was never sent before; then today stands for a day that cannot be.
        """
        moments = []
        for find, key in ((self._recorded, "recorded_at"), (self._hearing, "hearing_at")):
            try:
                moments.append(find(texts[key], year))
            except RowRejected:
                moments.append(None)
        return moments[0] or roc_dates.start_of_day(), moments[1]

    def entry_key(self, row: Row) -> tuple[int, str] | None:
        """Return what names the entry (court, entry_id) of a row that was rejected; None if it can name none."""
        court = self._courts.get(_court_key(tidy("court", row.get("court") or "")))
        entry_id = tidy("entry_id", row.get("entry_id") or "")
        names_one = court and 0 < len(entry_id) <= LONGEST["entry_id"] and not is_shortened(entry_id)
        return (court.pk, entry_id) if names_one else None

    def _find_series(self, court: str, category: str, year: str, word: str) -> Series:
        its_court, its_category = self._court(court), _category(category)
        its_year = _whole_number("year", year.removesuffix("年度"), 1, 999)
        return Series(its_court.pk, its_category, its_year, self._word(its_court, its_category, word))

    def _court(self, text: str) -> Court:
        court = self._courts.get(_court_key(text))
        if court is None:
            raise _rejected_for("unknown_court", "court", text)
        if self.sender is not None and court != self.sender:
            raise _rejected_for("other_court", "court", text)
        return court

    def _word(self, court: Court, category: str, text: str) -> str:
        key = (court.pk, category)
        if key not in self._words:
            words = (word for word in self._all_words if word.category == category)
            self._words[key] = frozenset(word.word for word in words if word.is_used_at(court))
        word = fold_word(text)
        if word not in self._words[key]:
            raise _rejected_for("unknown_word", "word", text)
        return word

    def _find_kind(self, text: str) -> int:
        try:
            return self._kinds[text]
        except KeyError:
            raise _rejected_for("unknown_kind", "kind", text) from None


def _court_key(text: str) -> str:
    return text.upper() if re.fullmatch(r"[A-Za-z]{2,5}", text) else spell_out(text)


def _require(texts: dict[str, str], *, but: str = "") -> None:
    missing = [key for key in REQUIRED if not texts[key] and key != but]
    if missing:
        raise _rejected("missing", missing[0], missing=missing)


def _limit(texts: dict[str, str]) -> None:
    for key, longest in LONGEST.items():
        if len(texts[key]) > longest:
            raise _rejected("too_long", key, length=len(texts[key]), longest=longest)


def _refuse_shortened(texts: dict[str, str]) -> None:
    """A number that a spreadsheet shortened names many entries: none can be told from the others."""
    for key in ("entry_id", "number"):
        if is_shortened(texts[key]):
            raise _rejected_for("number_shortened", key, texts[key])


def _category(text: str) -> str:
    try:
        return CATEGORIES[text.lower()]
    except KeyError:
        raise _rejected_for("unknown_category", "category", text) from None


@lru_cache(_KEPT // 8)  # of one case after the other
def _number(text: str) -> int:
    return _whole_number("number", text.removesuffix("號").removeprefix("第"), 1, LARGEST_NUMBER)


def _division(text: str) -> str:
    return text.removesuffix("股")


def _whole_number(key: str, text: str, least: int, most: int) -> int:
    if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
        return int(text)
    raise _rejected_for("not_a_number", key, text, least=least, most=most)


def _moment(
    key: str, days: Callable[[int], plausible_dates.Days], text: str, case_year: int
) -> dt.datetime | None:
    """Return the moment of a cell, None of an empty one. Raises RowRejected if it cannot be read, or cannot be right."""
    if not text:
        return None
    try:
        moment = roc_dates.parse_moment(text)
        days(case_year).require_moment(moment)
    except Unfit as error:
        if key not in REQUIRED and means_nothing(text):
            return None
        raise _rejected(error.code, key, **error.parameters) from None
    return moment


@lru_cache(_KEPT)
def _yes_or_no(text: str) -> bool:
    try:
        return _YES_NO[text.lower()]
    except KeyError:
        if means_nothing(text):
            return False
        raise _rejected_for("not_yes_or_no", "withdrawn", text) from None
