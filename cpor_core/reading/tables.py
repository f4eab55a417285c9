"""Tables in files, of whatever headings: CSV in any encoding and with any delimiter, or a workbook; packed or not."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from .archives import (
    IncompleteFile,
    UnreadableFile,
    is_spreadsheet,
    opened,
    refuse_false_name,
    refuse_other_kinds,
    refuse_packed_twice,
)
from .bounds import MOST_LINES, bounded_lines, in_time, too_many_lines
from .csv_records import Records
from .encodings import ERRORS, LONGEST_LINE, encoding_of, too_long
from .spreadsheets import read_lines

END_OF_DOS = "\x1a"  # what old systems write after the last line
_DELIMITER_LINE = re.compile(r'"?sep=(?P<delimiter>[^\w\s"]|\t)"?[\t ,;]*[\r\n]', re.IGNORECASE)


def read_table(path: Path, file_name: str = "") -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of a CSV file or a workbook of whatever headings. Raises UnreadableFile."""
    yield from in_time(_read_any_table(path, file_name))


def _read_any_table(path: Path, file_name: str) -> Iterator[tuple[int, list[str]]]:
    refuse_other_kinds(path)
    refuse_false_name(path, file_name)
    if is_spreadsheet(path):
        yield from read_lines(path)
        return
    refuse_packed_twice(path)
    open_text = partial(opened_text, path, encoding_of(partial(opened, path)))
    try:
        with open_text() as text:
            start = start_of(text)
        with open_text() as text:
            lines = bounded_lines(iter(records_of(text, start)))
            if start.names_delimiter:
                headings_of(lines)
            yield from lines
    except UnicodeError as error:
        raise IncompleteFile(_("The file is cut off in the middle of a character. Send it again.")) from error


@contextmanager
def opened_text(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    errors = ERRORS.get(encoding, "strict")
    with opened(path) as file, io.TextIOWrapper(file, encoding, errors, newline="") as text:
        yield text


class Start(NamedTuple):
    """How a text begins."""

    first: str
    """The first character that is not blank."""
    delimiter: str
    """What stands between the cells, should it be CSV."""
    names_delimiter: bool
    """Whether the first line that is not blank does nothing but name the delimiter, as Excel writes and reads it (sep=;)."""


def start_of(text: io.TextIOWrapper) -> Start:
    while piece := text.read(1 << 16):
        if stripped := piece.lstrip("\ufeff\0 \t\r\n"):
            found = _DELIMITER_LINE.match(stripped)
            delimiter = found["delimiter"] if found else _delimiter_of(stripped.splitlines()[0])
            return Start(stripped[0], delimiter, bool(found))
    raise UnreadableFile(_("The file is empty. Send the export again."))


def _delimiter_of(header: str) -> str:
    """Return a comma, or a tab or semicolon where the header has those instead."""
    return max(",\t;", key=header.count)


def headings_of(lines: Iterable[tuple[int, list[str]]]) -> list[str]:
    return next((cells for _line, cells in lines if any(map(str.strip, cells))), [])


def lines_of(text: io.TextIOWrapper, formula: re.Pattern | None = None) -> Iterator[str]:
    """Yield the lines. Raises UnreadableFile at one longer than LONGEST_LINE: a file without line ends must not fill the memory.

    Cells that match `formula` are put in quotation marks.
    """
    for number, line in enumerate(iter(partial(text.readline, LONGEST_LINE), ""), start=1):
        if len(line) == LONGEST_LINE:
            raise too_long(number)
        if number > MOST_LINES:
            raise too_many_lines()
        if formula and '="' in line:
            line = formula.sub(r'"\1"', line)
        if "\0" in line or END_OF_DOS in line:
            line = line.replace("\0", "").replace(END_OF_DOS, "")
        yield line


def records_of(text: io.TextIOWrapper, start: Start) -> Records:
    class Dialect(csv.excel):
        delimiter = start.delimiter

    return Records(lines_of(text, _formula_between(start.delimiter)), Dialect)


def _formula_between(delimiter: str) -> re.Pattern:
    """Return what finds ="A,1" among the cells of a line: so a cell is written that no spreadsheet is to take for a number."""
    edge = re.escape(delimiter)
    return re.compile(rf'(?:(?<={edge})|^\ufeff?)="((?:[^"]|"")*)"(?={edge}|\r|\n|$)')
