"""Clean rows: what the checks make of an export, one by one and column by column."""

from collections.abc import Sequence
from typing import NamedTuple, Self


class Series(NamedTuple):
    """What cases are numbered in, from 1 on: the court (by its key), category, year of the Republic and word."""

    court_id: int
    category: str
    year: int
    word: str


class CleanRow(NamedTuple):
    """One row that can be stored: rows of the database by key, moments aware, texts folded."""

    line: int
    case: tuple
    """Its series, its number and, in the order of CASE_TEXTS, what the row says of it: empty where it says nothing."""
    entry_id: str
    values: tuple
    """In the order of ENTRY_VALUES."""
    withdrawn: bool


class CleanRows(NamedTuple):
    """Clean rows, column by column."""

    line: Sequence[int]
    case: Sequence[tuple]
    entry_id: Sequence[str]
    values: tuple[Sequence, ...]
    withdrawn: Sequence[bool]

    @classmethod
    def of(cls, row: CleanRow) -> Self:
        return cls(
            [row.line], [row.case], [row.entry_id], tuple([value] for value in row.values), [row.withdrawn]
        )

    def part(self, start: int, stop: int | None) -> Self:
        """Return the rows from one place to another."""
        cut = slice(start, stop)
        values = tuple(column[cut] for column in self.values)
        return type(self)(self.line[cut], self.case[cut], self.entry_id[cut], values, self.withdrawn[cut])
