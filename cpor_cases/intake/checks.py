"""Rows as sent → clean rows, or the reason why one cannot be taken."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any

from django.utils import timezone

from cpor_core import case_numbers, plausible_dates, roc_dates
from cpor_core.case_numbers import fold_word
from cpor_core.models import CaseWord, Court, ProgressKind
from cpor_core.reading.texts import are_any_shortened, is_shortened, tidy, tidy_all
from cpor_core.spellings import spell_out
from cpor_core.translated.fields import texts

from . import cells
from .cells import RowRejected
from .clean_rows import CleanRow, CleanRows, Series
from .columns import (
    BY_KEY,
    CASE_TEXTS,
    COLUMNS,
    ENTRY_VALUES,
    MAX_LENGTHS,
    REQUIRED,
    EntryKind,
    EntryMoment,
    EntryValue,
)
from .reading.rows import Block, MalformedRow, NotPlain, Row

SERIES = ("court", "category", "year", "word")
# The same few texts come again and again: what was made of them is cached, so many of them at most.
_CACHED = 4096
fold = lru_cache(_CACHED)(case_numbers.fold)


@dataclass
class Checker:
    """Checks rows against what is on record; everything looked up is read once and cached for the whole import."""

    sender: Court | None = None
    """Whose rows alone are taken; None takes any court's."""
    _words: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)

    def __post_init__(self):
        self._series, self._kind = lru_cache(_CACHED)(self._find_series), lru_cache(_CACHED)(self._find_kind)
        self._today = timezone.localdate()
        self._moments = {
            column: lru_cache(2 * _CACHED)(
                partial(cells.moment_of, column, self._days(column.plausible_days))
            )
            for column in ENTRY_VALUES
            if isinstance(column, EntryMoment)
        }

    def _days(self, of_kind: Callable) -> Callable[[int], plausible_dates.Days]:
        """Return the days plausible in a case of a year, as of the day on which the import began."""
        return lru_cache(lambda case_year: of_kind(case_year, self._today))

    def look_up(self) -> None:
        """Read what rows are checked against; the checks make no further queries."""
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

    def check_block(self, block: Block) -> CleanRows:
        """Return what `check` returns of each row of a block. Raises NotPlain if it rejects one of them, and may otherwise."""
        texts = {
            key: tidy_all(sent, is_running_text=BY_KEY[key].is_running_text)
            for key, sent in block.columns().items()
        }
        if not all(map(all, (texts[key] for key in REQUIRED))):
            raise NotPlain
        if are_any_shortened(texts["entry_id"]):
            raise NotPlain
        if any(max(map(len, texts[key])) > longest for key, longest in MAX_LENGTHS.items()):
            raise NotPlain
        try:
            series = list(map(self._series, *(texts[key] for key in SERIES)))
            years = [each.year for each in series]
            case_texts = (cells.case_texts(column, texts[column.key]) for column in CASE_TEXTS)
            return CleanRows(
                line=block.lines(),
                case=list(zip(series, map(cells.number, texts["number"]), *case_texts, strict=True)),
                entry_id=texts["entry_id"],
                values=tuple(self._values(column, texts[column.key], years) for column in ENTRY_VALUES),
                withdrawn=list(map(cells.yes_or_no, texts["withdrawn"])),
            )
        except RowRejected as error:
            raise NotPlain from error

    def check(self, line: int, row: Row) -> CleanRow:
        """Return the clean row. Raises RowRejected with the first reason found."""
        if isinstance(row, MalformedRow):
            raise RowRejected(row.reason)
        texts = {
            column.key: tidy(row.get(column.key) or "", is_running_text=column.is_running_text)
            for column in COLUMNS
        }
        withdrawn = cells.yes_or_no(texts["withdrawn"])
        cells.require_filled(texts, but="recorded_at" if withdrawn else "")
        cells.require_length(texts)
        cells.refuse_shortened(texts)
        series = self._series(*(texts[key] for key in SERIES))
        value = self._value_of_withdrawal if withdrawn else self._value
        return CleanRow(
            line=line,
            case=(
                series,
                cells.number(texts["number"]),
                *(cells.case_text(column, texts[column.key]) for column in CASE_TEXTS),
            ),
            entry_id=texts["entry_id"],
            values=tuple(value(column, texts[column.key], series.year) for column in ENTRY_VALUES),
            withdrawn=withdrawn,
        )

    def _values(self, column: EntryValue, texts: Sequence[str], case_years: Sequence[int]) -> Sequence:
        """Return what `_value` returns of each."""
        match column:
            case EntryMoment(is_required=True):
                return list(map(self._moments[column], texts, case_years))
            case EntryMoment():
                if not any(texts):
                    return [None] * len(texts)
                moment = self._moments[column]
                return [
                    moment(text, year) if text else None for text, year in zip(texts, case_years, strict=True)
                ]
            case EntryKind():
                return list(map(self._kind, texts))
        return texts

    def _value(self, column: EntryValue, text: str, case_year: int) -> Any:
        return self._values(column, [text], [case_year])[0]

    def _value_of_withdrawal(self, column: EntryValue, text: str, case_year: int) -> Any:
        """Take a withdrawal whatever its dates: they are as bad as those of the entry that is to go.

        They count for nothing but where the entry was never sent before; then today stands for a day that cannot be.
        """
        if not isinstance(column, EntryMoment):
            return self._value(column, text, case_year)
        try:
            moment = self._moments[column](text, case_year)
        except RowRejected:
            moment = None
        return moment or (roc_dates.start_of_day() if column.is_required else None)

    def entry_key(self, row: Row) -> tuple[int, str] | None:
        """Return what names the entry (court, entry_id) of a row that was rejected; None if it can name none."""
        court = self._courts.get(_court_key(tidy(row.get("court") or "")))
        entry_id = tidy(row.get("entry_id") or "")
        if court is None or is_shortened(entry_id) or not 0 < len(entry_id) <= MAX_LENGTHS["entry_id"]:
            return None
        return court.pk, entry_id

    def _find_series(self, court: str, category: str, year: str, word: str) -> Series:
        its_court, its_category = self._court(court), cells.category(category)
        its_year = cells.whole_number("year", year.removesuffix("年度"), 1, 999)
        return Series(its_court.pk, its_category, its_year, self._word(its_court, its_category, word))

    def _court(self, text: str) -> Court:
        court = self._courts.get(_court_key(text))
        if court is None:
            raise cells.rejected_for("unknown_court", "court", text)
        if self.sender is not None and court != self.sender:
            raise cells.rejected_for("other_court", "court", text)
        return court

    def _word(self, court: Court, category: str, text: str) -> str:
        key = (court.pk, category)
        if key not in self._words:
            words = (word for word in self._all_words if word.category == category)
            self._words[key] = frozenset(word.word for word in words if word.is_used_at(court))
        word = fold_word(text)
        if word not in self._words[key]:
            raise cells.rejected_for("unknown_word", "word", text)
        return word

    def _find_kind(self, text: str) -> int:
        try:
            return self._kinds[text]
        except KeyError:
            raise cells.rejected_for("unknown_kind", "kind", text) from None


def _court_key(text: str) -> str:
    return text.upper() if re.fullmatch(r"[A-Za-z]{2,5}", text) else spell_out(text)
