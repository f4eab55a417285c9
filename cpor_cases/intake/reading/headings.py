"""The first line of an export: which column is which, and whether the line is whole.

A damaged first line (a delimiter, quotation mark or line end too many or too few) would silently shift or drop a column of
every row; so it refuses the file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.utils.translation import gettext as _

from cpor_cases.intake.columns import HEADINGS, MAX_LENGTHS, REQUIRED
from cpor_core.case_numbers import fold
from cpor_core.punctuation import listed
from cpor_core.reading.archives import UnreadableFile
from cpor_core.reading.encodings import INVISIBLE

from .rows import TableBlock

_KEYS = {**{key: key for key in HEADINGS}, **{heading: key for key, heading in HEADINGS.items()}}
_COURT = re.compile(r"[A-Za-z]{2,5}|.{0,40}(?:院|\bcourt\b).{0,40}", re.IGNORECASE)
_YEAR = re.compile(r"[0-9]{1,3}(?:年度?)?")
_NUMBER = re.compile(r"第?[0-9]{1,7}號?")


def key_of(heading: str) -> str | None:
    """Return the key of a heading, which may be set wide (日　期) or be marked as required (日期*)."""
    return _KEYS.get(heading) or _KEYS.get(_plain(heading))


def keys_of(headings: Sequence[str]) -> list[str | None]:
    """Return the key of each column, None for one that is not known; empty ones at the end are left out.

    Raises UnreadableFile if a required one is missing, if one stands twice, or if one is damaged.
    """
    keys = [key_of(heading) for heading in headings]
    while keys and not keys[-1] and not headings[len(keys) - 1].strip():
        keys.pop()
    if missing := [key for key in REQUIRED if key not in keys]:
        raise UnreadableFile(
            _("The first line lacks these headings: %(missing)s.") % {"missing": _named(missing)}
        )
    if twice := [key for key in HEADINGS if keys.count(key) > 1]:
        raise UnreadableFile(
            _("These headings stand twice in the first line: %(twice)s.") % {"twice": _named(twice)}
        )
    for heading, key in zip(headings, keys, strict=False):
        if key is None and heading.strip():
            _refuse_damaged(heading, keys)
    return keys


def _named(keys: Iterable[str]) -> str:
    return listed(f"{HEADINGS[key]} ({key})" for key in keys)


def _plain(heading: str) -> str:
    return re.sub(r"[\s*]", "", INVISIBLE.sub("", fold(heading))).lower()


def _refuse_damaged(heading: str, keys: Sequence[str | None]) -> None:
    """Refuse an unknown heading that holds a known one the file lacks (說明;庭期), a figure, or a line of cells."""
    plain = re.sub(r"[^\w]", "", _plain(heading))
    absent = (key for key in HEADINGS if key not in keys)
    if meant := [key for key in absent if key in plain or HEADINGS[key] in plain]:
        sentence = _(
            "The heading “%(heading)s” is not known; %(meant)s may be meant. Correct the first line, "
            "or give the column another name if it is to be left out."
        )
        raise UnreadableFile(sentence % {"heading": heading.strip()[:80], "meant": _named(meant)})
    if _YEAR.fullmatch(plain) or _NUMBER.fullmatch(plain) or _is_swallowed(heading):
        sentence = _(
            "The first line holds “%(heading)s” among the headings. Is a line end missing after it, "
            "or a quotation mark not closed?"
        )
        raise UnreadableFile(sentence % {"heading": " ".join(heading.split())[:80]})


def _is_swallowed(heading: str) -> bool:
    return '"' in heading or any(mark in heading for mark in ",;\t") and len(heading.splitlines()) > 1


def refuse_misfit(headings: Sequence[str], keys: Sequence[str | None], first: TableBlock) -> None:
    """Raise UnreadableFile if the first rows of a CSV show that its first line lost or gained a cell or a line end.

    That an unknown column shifts those after it shows where no row is as wide as the first line.
    """
    rows = [cells for _line, cells, _text in first.numbered]
    if _continue_the_headings(rows, headings, keys):
        raise UnreadableFile(_("The headings stand in two lines. They must stand in the first line alone."))
    if None in keys and len(headings) not in map(len, rows):
        sentence = _(
            "The first line has %(headings)d headings, some of them unknown, and the rows below have %(cells)d "
            "cells. Is there a delimiter too many or too few in the first line?"
        )
        raise UnreadableFile(sentence % {"headings": len(headings), "cells": len(rows[0])})


def _continue_the_headings(
    rows: Sequence[list[str]], headings: Sequence[str], keys: Sequence[str | None]
) -> bool:
    filled = [cell for cell in rows[0] if cell.strip()]
    joined = key_of(headings[-1] + rows[0][0])
    if 2 * sum(key_of(cell) is not None for cell in filled) >= len(filled):
        return True
    fill_up = len(rows) > 1 and len(headings) + len(rows[0]) - len(rows[1]) in {0, 1}
    return (joined is not None and joined not in keys) or (fill_up and len(rows[1]) > len(headings))


class RowShape:
    """What reads as a row below these headings, and how long its cells may be."""

    def __init__(self, keys: Sequence[str | None]):
        self._width = len(keys)
        self._least = 1 + max(keys.index(key) for key in REQUIRED)
        self._court, self._year, self._number = map(keys.index, ("court", "year", "number"))
        self.longest: Sequence[int | None] = [key and MAX_LENGTHS.get(key) or None for key in keys]

    def may_be_row(self, cells: Sequence[str]) -> bool:
        """Whether cells fill the columns and have a court, and a year or a number, that can be read."""
        return self._fills(cells) and any(self._figures(cells))

    def is_surely_row(self, cells: Sequence[str], after: int) -> bool:
        """The same with both figures, where those of the record itself stand before the column `after`."""
        are_not_its_own = max(self._court, self._year, self._number) < after
        return are_not_its_own and self._fills(cells) and all(self._figures(cells))

    def _fills(self, cells: Sequence[str]) -> bool:
        if len(cells) < self._least or any(map(str.strip, cells[self._width :])):
            return False
        return bool(_COURT.fullmatch(fold(cells[self._court])))

    def _figures(self, cells: Sequence[str]) -> tuple[bool, bool]:
        year, number = fold(cells[self._year]), fold(cells[self._number])
        return bool(_YEAR.fullmatch(year)), bool(_NUMBER.fullmatch(number))


def checked_against(
    headings: Sequence[str], keys: Sequence[str | None], blocks: Iterator[TableBlock]
) -> Iterator[TableBlock]:
    """Yield the blocks of a CSV if the first line fits the rows below it."""
    if first := next(blocks, None):
        refuse_misfit(headings, keys, first)
        yield from chain([first], blocks)
