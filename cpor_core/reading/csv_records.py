"""CSV text as records. An unclosed quotation mark must never put the text of one row into a cell of another.

Python's reader takes whatever follows an open quotation mark as text of the cell, line ends included, up to the next mark
or the end of the file. Its strict mode would refuse `"a"b` as well, which some courts' systems write and which harms no
other row. Here a file is refused if it ends inside quotes, or if a cell of several lines holds what reads as a row.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Protocol

from django.utils.translation import gettext as _

from .archives import IncompleteFile, UnreadableFile
from .encodings import INVISIBLE

LONGEST_CELL = 1 << 17
MOST_LINES_A_RECORD = 1000
LONGEST_ROW = 1 << 13
"""Characters after which a line is no longer tried as the beginning of a row; valid rows have about a thousand."""
_END = "\0\n"  # follows the last line; NUL characters are removed from the lines themselves
_LINE_END_CHARACTERS = {"\n", "\r"}
_LINE_END = re.compile(r"\r\n|\r|\n")


class Shape(Protocol):
    """What is known of a file's columns once its headings have been read."""

    longest: Sequence[int | None]
    """How many characters a column's cell may hold; None: any number."""

    def may_be_row(self, cells: Sequence[str]) -> bool:
        """Whether cells may well be a row."""

    def is_surely_row(self, cells: Sequence[str], after: int) -> bool:
        """Whether cells inside the cell `after` of a record can hardly be anything else than another row."""


class Records:
    """The records of CSV lines as (number of the first line, cells). Lines are held no longer than their record."""

    def __init__(self, lines: Iterator[str], dialect: type[csv.Dialect]):
        """`lines` hold no NUL."""
        self._source, self._dialect = lines, dialect
        self._held: list[str] = []  # the lines of the current record
        self._ahead: deque[str] = deque()  # lines read from the source and not yet by the reader
        self.shape: Shape | None = None  # known once the headings have been read
        self.is_without_line_end = False  # the record read last, and so the file
        self._records = self._read()

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the records not yet read. Raises UnreadableFile, and IncompleteFile at an end inside quotes."""
        return self._records

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(LONGEST_CELL)
        reader, held, first = csv.reader(self._lines(), self._dialect), self._held, 1
        try:
            for cells in reader:
                if held[-1] is _END:
                    if len(held) > 1:
                        raise self._open_at_the_end(first, cells)
                    return
                if len(held) > 1:
                    self._check_cells_of_several_lines(first, cells)
                if held[-1][-1:] not in _LINE_END_CHARACTERS:
                    self.is_without_line_end = True
                    self._check_last_record(reader.line_num, cells)
                yield first, cells
                first = reader.line_num + 1
                held.clear()
        except csv.Error as error:
            sentence = _("Line %(line)d: a cell does not end. A quotation mark may be missing.")
            raise UnreadableFile(sentence % {"line": first}) from error

    def _lines(self) -> Iterator[str]:
        held, ahead, source = self._held, self._ahead, self._source
        while True:
            line = ahead.popleft() if ahead else next(source, _END)
            held.append(line)
            yield line
            if line is _END:
                return

    def _check_last_record(self, line: int, cells: list[str]) -> None:
        """A last line without line end and with too few cells was cut."""
        if cells and self.shape and len(cells) < len(self.shape.longest):
            sentence = _("Line %(line)d, the last one, is cut off. Send the file again.")
            raise IncompleteFile(sentence % {"line": line})

    def _open_at_the_end(self, first: int, cells: list[str]) -> IncompleteFile:
        """The last cell begins in the line whose quotation mark is not closed."""
        text = cells[-1].partition("\0")[0]
        lines = len(_LINE_END.findall(text)) + (not text.endswith(("\r", "\n")))
        sentence = _(
            "Line %(line)d: the quotation mark that opens here is never closed. Nothing was imported."
        )
        return IncompleteFile(sentence % {"line": first + len(self._held) - 1 - lines})

    def _check_cells_of_several_lines(self, first: int, cells: list[str]) -> None:
        if len(self._held) > MOST_LINES_A_RECORD:
            raise _not_closed(first, first)
        line = first
        for place, cell in enumerate(cells):
            if line_ends := len(_LINE_END.findall(cell)):
                self._check_length(line, cell, place)
                for inner in range(line + 1, line + line_ends + 1):
                    if self._begins_a_row(inner - first, place):
                        raise _not_closed(line, inner)
                line += line_ends

    def _check_length(self, line: int, cell: str, place: int) -> None:
        columns = self.shape.longest if self.shape else ()
        longest = columns[place] if place < len(columns) else None
        if longest is None or len(cell) <= longest:
            return
        if len(INVISIBLE.sub("", _LINE_END.sub("\n", cell)).strip()) > longest:
            sentence = _(
                "Line %(line)d: a quotation mark opens here, and what follows is longer than its column may be (%(longest)d characters). Is the closing mark missing? Nothing was imported."
            )
            raise UnreadableFile(sentence % {"line": line, "longest": longest})

    def _begins_a_row(self, place: int, column: int) -> bool:
        """Whether a row begins in this line of the current record, inside the cell of this column.

        It may itself have cells of several lines, and so end after the record: a row that an open mark has swallowed is
        found even if the first mark inside it seemed to close the open one. The last line of a sound record may look like a
        row too, where its cell of several lines is among the first; then the closing mark makes their number odd.
        """
        if not self.shape:
            return False
        lines: list[str] = []
        try:
            cells = next(csv.reader(self._lines_from(place, lines), self._dialect, strict=True), [])
        except csv.Error:
            return False
        has_odd_mark = sum(line.count('"') for line in lines) % 2
        return self.shape.is_surely_row(cells, column) if has_odd_mark else self.shape.may_be_row(cells)

    def _lines_from(self, place: int, read: list[str]) -> Iterator[str]:
        """Yield the lines from one of the current record on, as far as a row can reach, and note them in `read`."""
        characters = 0
        for line in self._held_and_following(place):
            characters += len(line)
            if line is _END or characters > LONGEST_ROW:
                return
            read.append(line)
            yield line

    def _held_and_following(self, place: int) -> Iterator[str]:
        yield from self._held[place:]
        yield from tuple(self._ahead)
        for line in self._source:
            self._ahead.append(line)
            yield line


def _not_closed(line: int, inner: int) -> UnreadableFile:
    sentence = _(
        "Line %(line)d: a quotation mark opens here, and line %(inner)d, which reads as a row, stands inside it. Is the closing mark missing? Nothing was imported."
    )
    return UnreadableFile(sentence % {"line": line, "inner": inner})
