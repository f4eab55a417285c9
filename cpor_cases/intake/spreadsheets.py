"""XLSX, read row by row: memory does not grow with the sheet."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext as _

from .bounds import bounded_lines, in_time
from .packing import MOST_UNPACKED, UnreadableFile

MOST_SHARED = 64 << 20  # bytes of the sheet's common texts, which are held in memory
MOST_OF_A_PART = 4 << 20  # bytes of styles, names and the like: each element of theirs becomes an object
UNREADABLE = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    OSError,
    ParseError,
    AttributeError,
    EOFError,
)
_UNCOUNTED = re.compile(
    # Each piece bounded: a sheet of nothing but beginnings must not be searched to its end from each of them.
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]{0,200}>\s{0,100}'
    rb"<f(?:/>|[^>]{0,500}/>|[^>]{0,500}>[^<]*</f>)\s{0,100}(?:<v\s{0,9}/>|<v></v>)?\s{0,100}</c>"
)
HALF_A_SECOND = dt.timedelta(microseconds=500_000)


def read_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, texts) of the one visible sheet that is not empty. Raises UnreadableFile."""
    _refuse_what_cannot_be_held(path)
    try:
        with path.open("rb") as file, closing(_opened(file)) as book:
            for line, values in _lines_of(_only_sheet(book)):
                yield line, [as_text(value) for value in values]
    except (*UNREADABLE, IndexError) as error:
        raise UnreadableFile(_("This is not a spreadsheet. Send CSV, NDJSON or XLSX.")) from error


def _opened(file: BinaryIO) -> openpyxl.Workbook:
    return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _only_sheet(book: openpyxl.Workbook):
    """Return the visible sheet that holds anything; refuse a second one, whose rows would be lost without a word."""
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in visible:
        # What a sheet says of its own size is often wrong, and rows beyond it would be lost without a word.
        sheet.reset_dimensions()
    filled = [sheet for sheet in visible if _holds_anything(sheet)]
    if len(filled) > 1:
        names = "、".join(f"“{sheet.title}”" for sheet in filled[:5])
        sentence = _(
            "The workbook has several sheets that are not empty: %(sheets)s. Send one sheet at a time."
        )
        raise UnreadableFile(sentence % {"sheets": names})
    return (filled or visible or book.worksheets)[0]


def _holds_anything(sheet) -> bool:
    return any(
        value is not None and str(value).strip() for _line, values in _lines_of(sheet) for value in values
    )


def _lines_of(sheet) -> Iterator[tuple[int, tuple]]:
    """Yield (line, values) within bounds. Empty lines are timed here as well: of them nobody further on hears."""
    return in_time(bounded_lines(enumerate(sheet.iter_rows(values_only=True), start=1)))


def _refuse_what_cannot_be_held(path: Path) -> None:
    """Raise UnreadableFile if a part is too large for memory, or a formula has no value: it would read as an empty cell."""
    with zipfile.ZipFile(path) as archive:
        sizes = {member.filename: member.file_size for member in archive.infolist()}
        if any(size > _most_of(name) for name, size in sizes.items()):
            raise UnreadableFile(_("The sheet is too large. Send it in parts, or as CSV."))
        for name in sorted(name for name in sizes if name.startswith("xl/worksheets/sheet")):
            if cell := _uncounted_formula(archive, name):
                sentence = _(
                    "Cell %(cell)s holds a formula without a value. Open and save the file in Excel."
                )
                raise UnreadableFile(sentence % {"cell": cell})


def _most_of(part: str) -> int:
    """Return the bytes that a part may have; the sheets are read bit by bit, pictures and the like not at all."""
    if not part.endswith((".xml", ".rels")) or part.startswith("xl/worksheets/"):
        return MOST_UNPACKED
    return MOST_SHARED if part == "xl/sharedStrings.xml" else MOST_OF_A_PART


def _uncounted_formula(archive: zipfile.ZipFile, name: str) -> str:
    try:
        with archive.open(name) as sheet:
            rest = b""
            while block := sheet.read(1 << 20):
                if found := _UNCOUNTED.search(rest + block):
                    return found[1].decode()
                rest = block[-4096:]
    except UNREADABLE as error:
        raise UnreadableFile(_("This is not a spreadsheet. Send CSV, NDJSON or XLSX.")) from error
    return ""


def as_text(value: object) -> str:
    """Return one cell as a person would type it."""
    match value:
        case None:
            return ""
        case str():
            return value.replace("\0", "")
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            # A day as a fraction is a little off: 09:30 may read 09:29:59.997.
            value = (value + HALF_A_SECOND).replace(microsecond=0)
            return value.strftime("%Y-%m-%d %H:%M" if value.time() != dt.time() else "%Y-%m-%d")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)
