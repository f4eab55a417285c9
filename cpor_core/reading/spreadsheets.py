"""XLSX read row by row, in constant memory."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _

from cpor_core.punctuation import listed

from .archives import MOST_UNPACKED, UnreadableFile
from .bounds import bounded_lines, in_time

if TYPE_CHECKING:
    import openpyxl

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
EXACT = 2**53  # from here on a float leaves figures out
EXACT_IN_A_SHEET = 10**15  # a spreadsheet keeps fifteen figures of a number
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_ZEROS = re.compile("0{2,60}")
# Dates in the formats that Excel has built in for East Asia (ECMA-376 part 1, §18.8.30), of which openpyxl knows none.
_EAST_ASIAN_DATES = {*range(27, 37), *range(50, 59)}


def read_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, texts) of the one visible sheet that is not empty. Raises UnreadableFile."""
    _refuse_what_cannot_be_held(path)
    try:
        with path.open("rb") as file, closing(_opened(file)) as book:
            _know_east_asian_dates(book)
            yield from _lines_of(_only_sheet(book), _zero_padding_of(book))
    except (*UNREADABLE, IndexError) as error:
        raise UnreadableFile(_("This is not a spreadsheet. Send CSV, NDJSON or XLSX.")) from error


def _opened(file: BinaryIO) -> "openpyxl.Workbook":
    import openpyxl  # 0.1 s that only a workbook needs

    return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _know_east_asian_dates(book: "openpyxl.Workbook") -> None:
    """Have numbers in those formats read as dates. openpyxl has no public way to say so; a test would notice a change."""
    formats = enumerate(book._cell_styles)
    book._date_formats |= {place for place, style in formats if style.numFmtId in _EAST_ASIAN_DATES}


def _zero_padding_of(book: "openpyxl.Workbook") -> dict[int, int]:
    """Return, by style, the number of digits to which its number format pads with zeros (00123)."""
    codes = {164 + place: code for place, code in enumerate(book._number_formats)}
    formats = ((place, codes.get(style.numFmtId, "")) for place, style in enumerate(book._cell_styles))
    return {place: len(code) for place, code in formats if _ZEROS.fullmatch(code)}


def _only_sheet(book: "openpyxl.Workbook"):
    """Return the visible sheet that is not empty. Raises UnreadableFile if there is a second one: its rows would be lost silently."""
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in visible:
        # What a sheet says of its own size is often wrong, and rows beyond it would be lost without a word.
        sheet.reset_dimensions()
    filled = [sheet for sheet in visible if _holds_anything(sheet)]
    if len(filled) > 1:
        names = listed(f"“{sheet.title}”" for sheet in filled[:5])
        sentence = _(
            "The workbook has several sheets that are not empty: %(sheets)s. Send one sheet at a time."
        )
        raise UnreadableFile(sentence % {"sheets": names})
    return (filled or visible or book.worksheets)[0]


def _holds_anything(sheet) -> bool:
    return any(cell.strip() for _line, cells in _lines_of(sheet, {}) for cell in cells)


def _lines_of(sheet, zeros: dict[int, int]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, texts) within bounds. Empty lines are timed here as well, because callers do not see them."""
    rows = in_time(bounded_lines(enumerate(sheet.iter_rows(values_only=not zeros), start=1)))
    for line, cells in rows:
        if zeros:
            yield line, [_filled_up(_text_of(cell.value), zeros.get(_style_of(cell), 0)) for cell in cells]
        else:
            yield line, list(map(_text_of, cells))


def _style_of(cell) -> int:
    return getattr(cell, "_style_id", 0) if cell.data_type == "n" else 0


def _filled_up(text: str, figures: int) -> str:
    return text.zfill(figures) if figures and text.isdecimal() else text


def _text_of(value: object) -> str:
    """Return the value of a cell as the sheet shows it."""
    if isinstance(value, str):
        return _unescaped(value) if "_x" in value else value.replace("\0", "")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= EXACT_IN_A_SHEET:
            return f"{value:.5E}"
        if isinstance(value, float) and not value.is_integer():
            return f"{value:.15g}"
    return as_text(value)


def _unescaped(text: str) -> str:
    """Return a text with the escapes of characters that XML cannot hold (_x000D_) decoded."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass").replace("\0", "")


def _refuse_what_cannot_be_held(path: Path) -> None:
    """Raise UnreadableFile if a part is too large for memory, or a formula has no value: it would read as an empty cell."""
    with zipfile.ZipFile(path) as archive:
        _refuse_strict(archive)
        sizes = {member.filename: member.file_size for member in archive.infolist()}
        if any(size > _most_of(name) for name, size in sizes.items()):
            raise UnreadableFile(_("The sheet is too large. Send it in parts, or as CSV."))
        for name in sorted(name for name in sizes if name.startswith("xl/worksheets/sheet")):
            if cell := _uncounted_formula(archive, name):
                sentence = _(
                    "Cell %(cell)s contains a formula without a value. Open and save the file in Excel."
                )
                raise UnreadableFile(sentence % {"cell": cell})


def _refuse_strict(archive: zipfile.ZipFile) -> None:
    """Raise UnreadableFile for the variant of the format that openpyxl cannot read: it would find no sheet in it."""
    with suppress(KeyError), archive.open("xl/workbook.xml") as part:
        if _STRICT in part.read(1 << 16):
            raise UnreadableFile(
                _(
                    "The workbook is saved as “Strict Open XML Spreadsheet”. Save it in Excel as “Excel Workbook (*.xlsx)”,"
                    " or as CSV, and send it again."
                )
            )


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
    """Return one value, of a sheet or of JSON, as a person would type it."""
    match value:
        case None:
            return ""
        case str():
            return value.replace("\0", "")
        case bool():
            return "TRUE" if value else "FALSE"  # as a sheet shows it, and writes it to CSV
        case float() if not isfinite(value):
            return ""  # what libraries of statistics write for nothing, and what was too large for them
        case float() if value.is_integer():
            return str(int(value)) if abs(value) < EXACT else f"{value:.5E}"
        case dt.datetime():
            # A day as a fraction is a little off: 09:30 may read 09:29:59.997.
            with suppress(OverflowError):  # the last moment of all, which programs write for “without end”
                value += HALF_A_SECOND
            value = value.replace(microsecond=0)
            return value.strftime("%Y-%m-%d %H:%M" if value.time() != dt.time() else "%Y-%m-%d")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)
