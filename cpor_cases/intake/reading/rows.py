"""Rows as they were sent: text under English keys; and blocks of them.

Nearly all rows of an export can be taken: a block is checked column by column, in a fraction of the time; only one that holds
something wrong is checked row by row.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, zip_longest
from typing import Generic, Self, TypeVar

from cpor_cases.intake.columns import HEADINGS
from cpor_core.reading.encodings import INVISIBLE, MISFITS, MISSING_CHARACTER, ODD_CHARACTERS, OWN_CHARACTERS
from cpor_core.reasons import Reason

Row = dict[str, str]
NumberedRow = tuple[int, Row]
Columns = dict[str, Sequence[str]]
NumberedCells = tuple[int, list[str], str]
"""A line of a table: its number, its cells, and these joined."""
Item = TypeVar("Item")
Numbered = TypeVar("Numbered", NumberedRow, NumberedCells)

LONGEST_NAME = 40  # of a column, as far as it is repeated
ROWS_A_BLOCK = 250
MOST_CHARACTERS_A_BLOCK = 1 << 18  # else long lines would fill the memory
# What a spreadsheet shows in the place of a value: Excel's errors, old and new (#SPILL!, #CALC!), LibreOffice's (Err:502,
# 錯誤:502, #名稱?), and a column too narrow for its dates.
_SHEET_ERROR = re.compile(
    r"#(?:[A-Z][A-Z0-9_]{1,15}|DIV/0)[!?]|#N/A!?|#N/A N/A|#GETTING_DATA|#名稱\?|(?:Err|錯誤):5[0-9]{2}|#{3,}"
)


class RepairedRow(dict):
    """A row in which characters that a court made for itself have been replaced by □."""


class SentHeadings(dict):
    """What a file calls its columns: the heading or key of each that it has, as it is written there.

    A column that it lacks goes by what the others are called by: keys or Chinese headings.
    """

    def __missing__(self, key: str) -> str:
        return key if any(name in HEADINGS for name in self.values()) else HEADINGS[key]


class MalformedRow(dict):
    """A row that cannot be taken, whatever its cells say, for a `reason`."""

    def __init__(self, reason: Reason, row: Row | None = None):
        super().__init__(row or {})
        self.reason = reason


class NotPlain(Exception):
    """Something in the block has to be checked row by row."""


@dataclass(frozen=True)
class Block(ABC, Generic[Numbered]):
    """Some consecutive rows, each with its line number first."""

    numbered: list[Numbered]
    headings: SentHeadings = field(default_factory=SentHeadings, kw_only=True)
    """Of the file."""

    def __len__(self) -> int:
        return len(self.numbered)

    def parts(self, size: int) -> Iterator[Self]:
        """Yield the block in parts of at most so many rows."""
        for start in range(0, len(self), size):
            yield replace(self, numbered=self.numbered[start : start + size])

    def lines(self) -> list[int]:
        return [numbered[0] for numbered in self.numbered]

    @abstractmethod
    def rows(self) -> Iterator[NumberedRow]:
        """Yield (line, row). What is wrong with one row makes that row alone malformed."""

    @abstractmethod
    def columns(self) -> Columns:
        """Return the cells under every key, empty where there is none. Raises NotPlain if a row has to be checked alone."""


@dataclass(frozen=True)
class RowBlock(Block[NumberedRow]):
    """Rows that came one by one, with keys of their own."""

    def rows(self) -> Iterator[NumberedRow]:
        return iter(self.numbered)

    def columns(self) -> Columns:
        rows = [row for _line, row in self.numbered]
        if any(isinstance(row, MalformedRow) for row in rows):
            raise NotPlain
        return {key: [row.get(key) or "" for row in rows] for key in HEADINGS}


@dataclass(frozen=True)
class TableBlock(Block[NumberedCells]):
    """Lines of a table, with the keys of its columns: None of one that is not known."""

    keys: tuple[str | None, ...]

    def rows(self) -> Iterator[NumberedRow]:
        for line, cells, _text in self.numbered:
            yield with_known_characters((line, _row_of(cells, self.keys)))

    def columns(self) -> Columns:
        """Raises NotPlain at a cell too many, an odd character, an error of the sheet."""
        rows = [cells for _line, cells, _text in self.numbered]
        text = "".join(text for _line, _cells, text in self.numbered)
        if not text.isprintable() and ODD_CHARACTERS.search(text):
            raise NotPlain
        if _may_hold_sheet_error(text) and any(map(_is_sheet_error, chain.from_iterable(rows))):
            raise NotPlain
        if set(map(len, rows)) != {len(self.keys)}:
            rows = list(map(self._fitted, rows))
        nothing: Sequence[str] = ("",) * len(rows)
        by_key = zip(self.keys, zip(*rows, strict=True), strict=True)
        return dict.fromkeys(HEADINGS, nothing) | {key: cells for key, cells in by_key if key}

    def _fitted(self, cells: list[str]) -> list[str]:
        """Return a line with as many cells as there are columns."""
        count = len(self.keys)
        if any(map(str.strip, cells[count:])):
            raise NotPlain
        return [*cells[:count], *[""] * (count - len(cells))]


def in_blocks(rows: Iterable[NumberedRow], headings: SentHeadings | None = None) -> Iterator[Block]:
    """Yield rows, line numbers ascending, in blocks. `headings` may come to be known while they are read."""
    headings = SentHeadings() if headings is None else headings
    sized = (((line, row), sum(len(cell) for cell in row.values() if cell)) for line, row in rows)
    yield from map(partial(RowBlock, headings=headings), _parcels(sized))


def blocks_of_table(
    lines: Iterable[tuple[int, list[str]]], keys: Iterable[str | None], headings: Iterable[str] = ()
) -> Iterator[TableBlock]:
    """Yield the lines of a table below its `headings`, of which the `keys` were found, in blocks, without the empty ones."""
    keys = tuple(keys)
    as_sent = SentHeadings(
        (key, heading.strip()[:LONGEST_NAME]) for key, heading in zip(keys, headings, strict=False) if key
    )
    for some in _parcels(_filled(lines)):
        yield TableBlock(some, keys, headings=as_sent)


def _filled(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[NumberedCells, int]]:
    """Yield the lines in which anything stands, each with its characters."""
    for line, cells in lines:
        text = "".join(cells)
        if text and not text.isspace():
            yield (line, cells, text), len(text)


def _parcels(sized: Iterable[tuple[Item, int]]) -> Iterator[list[Item]]:
    """Yield items, each given with its characters, in lists of so many: by number or, if they are long, by characters."""
    some, size = [], 0
    for item, characters in sized:
        some.append(item)
        size += characters
        if len(some) == ROWS_A_BLOCK or size > MOST_CHARACTERS_A_BLOCK:
            yield some
            some, size = [], 0
    if some:
        yield some


def rows_of(blocks: Iterable[Block]) -> Iterator[NumberedRow]:
    for block in blocks:
        yield from block.rows()


def with_known_characters(numbered: NumberedRow) -> NumberedRow:
    """Return a row without what cannot be stored or shown: repaired if characters are missing, malformed if bytes misfit or a
    spreadsheet shows an error."""
    line, row = numbered
    text = "".join(row.values())
    if _may_hold_sheet_error(text):
        row = _row_with_sheet_error(row)
    if not ODD_CHARACTERS.search(text):
        return line, row
    row = _replaced(row, INVISIBLE, "")
    for key, value in row.items():
        if MISFITS.search(value):
            reason = row.reason if isinstance(row, MalformedRow) else Reason("broken_characters", key)
            return line, MalformedRow(reason, _replaced(row, MISFITS, "\ufffd"))
    if OWN_CHARACTERS.search(row.get("entry_id", "")):
        reason = row.reason if isinstance(row, MalformedRow) else Reason("user_defined_character", "entry_id")
        return line, MalformedRow(reason, _replaced(row, OWN_CHARACTERS, MISSING_CHARACTER))
    repaired = _replaced(row, OWN_CHARACTERS, MISSING_CHARACTER)
    return line, RepairedRow(repaired) if repaired != row and not isinstance(
        repaired, MalformedRow
    ) else repaired


def _replaced(row: Row, what: re.Pattern, by: str) -> Row:
    cells = {key: what.sub(by, value) for key, value in row.items()}
    return MalformedRow(row.reason, cells) if isinstance(row, MalformedRow) else cells


def _row_of(cells: list[str], keys: Sequence[str | None]) -> Row:
    """Return the cells of the known columns; a sheet leaves out the empty ones at the end."""
    count = len(keys)
    row = {key: cell for key, cell in zip_longest(keys, cells[:count], fillvalue="") if key}
    if any(map(str.strip, cells[count:])):
        return MalformedRow(Reason("cell_too_many", parameters={"cell": count + 1}), row)
    return row


def _may_hold_sheet_error(text: str) -> bool:
    return "#" in text or "Err:5" in text or "錯誤:5" in text


def _is_sheet_error(cell: str) -> bool:
    return bool(_SHEET_ERROR.fullmatch(cell.strip()))


def _row_with_sheet_error(row: Row) -> Row:
    for key, cell in row.items():
        if _is_sheet_error(cell) and not isinstance(row, MalformedRow):
            return MalformedRow(Reason("spreadsheet_error", key, {"text": cell.strip()[:20]}), row)
    return row
