"""A court's export, whatever its dress, as rows: (line number, {key: text}).

CSV with a header row, NDJSON, a JSON list or XLSX; UTF-8, UTF-16 or CP950/Big5; English keys or Chinese headings; as it
is, gzipped or alone in a ZIP. What belongs to one row spoils that row alone, what belongs to the file refuses the file.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import zip_longest
from pathlib import Path

from django.utils.translation import gettext as _

from cpor_cases.case_numbers import fold

from .encodings import (
    ERRORS,
    INVISIBLE,
    LONGEST_LINE,
    MISFITS,
    MISSING_CHARACTER,
    ODD_CHARACTERS,
    OWN_CHARACTERS,
    encoding_of,
    too_long,
)
from .packing import UnreadableFile, is_spreadsheet, opened, refuse_other_kinds
from .spreadsheets import as_text, read_lines

__all__ = [
    "HEADINGS",
    "MendedRow",
    "REQUIRED",
    "Row",
    "SpoiltRow",
    "UnreadableFile",
    "read_rows",
    "row_from_json",
]

Row = dict[str, str]

HEADINGS = {
    "court": "法院",
    "category": "類別",
    "year": "年度",
    "word": "字別",
    "number": "號",
    "division": "股別",
    "cause": "案由",
    "entry_id": "事項序號",
    "recorded_at": "日期",
    "kind": "進行事項",
    "detail": "說明",
    "hearing_at": "庭期",
    "courtroom": "法庭",
    "withdrawn": "撤銷",
}
REQUIRED = ("court", "category", "year", "word", "number", "entry_id", "recorded_at", "kind")
LONGEST_CELL = 1 << 17
END_OF_DOS = "\x1a"  # what old systems write after the last line
_KEYS = {**{key: key for key in HEADINGS}, **{heading: key for key, heading in HEADINGS.items()}}
_SHEET_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_BLANK = " \t\r\n,"


class MendedRow(dict):
    """A row in which characters that a court made for itself have been replaced by □."""


class SpoiltRow(dict):
    """A row that cannot be taken whatever its cells say; `reason` says why."""

    def __init__(self, reason: str, row: Row | None = None):
        super().__init__(row or {})
        self.reason = reason


def read_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield (line, row) for each row of the file; the header is line 1, a row's values are text under English keys.

    In a JSON list a row's line is its place in the list. Raises UnreadableFile if it is none of the formats.
    """
    refuse_other_kinds(path)
    if is_spreadsheet(path):
        yield from _rows_of_table(read_lines(path))
        return
    encoding = encoding_of(partial(opened, path))
    open_text = partial(_opened_text, path, encoding)
    try:
        with open_text() as text:
            first, header = _start_of(text)
        with open_text() as text:
            yield from _read_text(text, first, header)
    except UnicodeError as error:
        raise UnreadableFile(_("The file breaks off in the middle of a character. Send it again.")) from error


@contextmanager
def _opened_text(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    errors = ERRORS.get(encoding, "strict")
    with opened(path) as file, io.TextIOWrapper(file, encoding, errors, newline="") as text:
        yield text


def _start_of(text: io.TextIOWrapper) -> tuple[str, str]:
    """Return the first character that is not blank, and its line."""
    while piece := text.read(1 << 16):
        if stripped := piece.lstrip("\ufeff\0 \t\r\n"):
            return stripped[0], stripped.splitlines()[0]
    raise UnreadableFile(_("The file is empty. Send the export again."))


def _with_known_characters(numbered: tuple[int, Row]) -> tuple[int, Row]:
    """Return a row without what cannot be stored or shown: mended if characters are missing, spoilt if bytes misfit."""
    line, row = numbered
    if not ODD_CHARACTERS.search("".join(row.values())):
        return numbered
    row = _replaced(row, INVISIBLE, "")
    for key, value in row.items():
        if MISFITS.search(value):
            sentence = _("%(heading)s: holds bytes that mean nothing in the encoding of the file.")
            reason = sentence % {"heading": HEADINGS.get(key, key)}
            return line, SpoiltRow(reason, _replaced(row, MISFITS, "\ufffd"))
    if OWN_CHARACTERS.search(row.get("entry_id", "")):
        sentence = _("%(heading)s: holds a user-defined character, which is different at every court.")
        reason = sentence % {"heading": HEADINGS["entry_id"]}
        return line, SpoiltRow(reason, _replaced(row, OWN_CHARACTERS, MISSING_CHARACTER))
    mended = _replaced(row, OWN_CHARACTERS, MISSING_CHARACTER)
    return line, MendedRow(mended) if mended != row and not isinstance(mended, SpoiltRow) else mended


def _replaced(row: Row, what: re.Pattern, by: str) -> Row:
    cells = {key: what.sub(by, value) for key, value in row.items()}
    return SpoiltRow(row.reason, cells) if isinstance(row, SpoiltRow) else cells


def _read_text(text: io.TextIOWrapper, first: str, header: str) -> Iterator[tuple[int, Row]]:
    if first == "[":
        yield from map(_with_known_characters, _read_json_list(text))
    elif first == "{":
        yield from map(_with_known_characters, _read_ndjson(text))
    else:
        yield from _rows_of_table(_read_csv(text, header))


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines, none longer than can be held: a file without line ends must not fill the memory."""
    for number, line in enumerate(iter(partial(text.readline, LONGEST_LINE), ""), start=1):
        if len(line) == LONGEST_LINE:
            raise too_long(number)
        yield line.replace("\0", "").replace(END_OF_DOS, "")


def _read_csv(text: io.TextIOWrapper, header: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, values); a row whose cells hold line ends has the line on which it begins."""
    reader, line = csv.reader(_lines(text), _dialect(header)), 1
    csv.field_size_limit(LONGEST_CELL)
    try:
        for values in reader:
            yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        sentence = _("Line %(line)d: a cell does not end. A quotation mark may be missing.")
        raise UnreadableFile(sentence % {"line": line}) from error


def _dialect(header: str) -> type[csv.Dialect]:
    """Return commas, or tabs or semicolons where the header has those instead."""

    class Dialect(csv.excel):
        delimiter = max(",\t;", key=header.count)

    return Dialect


def _rows_of_table(lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, Row]]:
    keys = _keys_of(next((values for _line, values in lines if any(map(str.strip, values))), []))
    # Nearly every row: where each column is known and none is missing, nothing has to be looked for.
    names = keys if all(keys) else ()
    for line, values in lines:
        text = "".join(values)
        if not text or text.isspace():
            continue
        is_usual = len(values) == len(names)
        row = dict(zip(names, values, strict=True)) if is_usual else _row_of(values, keys)
        if "#" in text and not _SHEET_ERRORS.isdisjoint(values):
            row = _row_with_sheet_error(row)
        yield (line, row) if text.isprintable() else _with_known_characters((line, row))


def _row_of(values: list[str], keys: list[str | None]) -> Row:
    """Return the values of the known columns; a sheet leaves out the empty cells at the end."""
    count = len(keys)
    row = {key: value for key, value in zip_longest(keys, values[:count], fillvalue="") if key}
    if any(map(str.strip, values[count:])):
        sentence = _("Cell %(cell)d stands beyond the last heading. Is a quotation mark missing?")
        return SpoiltRow(sentence % {"cell": count + 1}, row)
    return row


def _row_with_sheet_error(row: Row) -> Row:
    for key, value in row.items():
        if value in _SHEET_ERRORS:
            sentence = _("%(heading)s: the spreadsheet shows the error %(text)s.")
            return SpoiltRow(sentence % {"heading": HEADINGS[key], "text": value}, row)
    return row


def _keys_of(headings: Iterable[str]) -> list[str | None]:
    """Return the key of each column, None for one that is not known; refuse a header without the required ones."""
    keys = [_key_of(heading) for heading in headings]
    while keys and not keys[-1] and not headings[len(keys) - 1].strip():
        keys.pop()
    missing = [key for key in REQUIRED if key not in keys]
    if missing:
        named = ", ".join(f"{HEADINGS[key]} ({key})" for key in missing)
        raise UnreadableFile(_("The first line lacks these headings: %(missing)s.") % {"missing": named})
    if twice := [key for key in HEADINGS if keys.count(key) > 1]:
        named = ", ".join(f"{HEADINGS[key]} ({key})" for key in twice)
        raise UnreadableFile(_("These headings stand twice in the first line: %(twice)s.") % {"twice": named})
    return keys


def _key_of(heading: str) -> str | None:
    """Return the key of a heading, which may be set wide (日　期) or be marked as required (日期*)."""
    return _KEYS.get(re.sub(r"[\s*]", "", INVISIBLE.sub("", fold(heading))).lower())


def _read_ndjson(text: io.TextIOWrapper) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(_lines(text), start=1):
        if line.isspace() or not line:
            continue
        try:
            row = row_from_json(json.loads(line.lstrip("\ufeff")))
        except (ValueError, RecursionError):
            row = SpoiltRow(_("This line is not JSON."), {"line": line.strip()[:200]})
        yield number, row


def _read_json_list(text: io.TextIOWrapper) -> Iterator[tuple[int, Row]]:
    """Yield the members of a list one by one: what is not yet read need not fit into memory."""
    decode = json.JSONDecoder().raw_decode
    held, place, count = "", 0, 0
    while not held:
        held = text.read(1 << 16).lstrip("\ufeff \t\r\n")
    held = held[1:]
    while True:
        while place < len(held) and held[place] in _BLANK:
            place += 1
        if place < len(held) and held[place] == "]":
            return
        try:
            member, place = decode(held, place)
        except (ValueError, RecursionError) as error:
            more = text.read(1 << 16)
            if not more or len(held) - place > LONGEST_LINE:
                raise UnreadableFile(
                    _("Row %(place)d of the list is not JSON, or the list does not end.")
                    % {"place": count + 1}
                ) from error
            held, place = held[place:] + more, 0
            continue
        count += 1
        yield count, row_from_json(member)


def row_from_json(fields: object) -> Row:
    """Return one JSON object as a row: known keys or headings, values as text."""
    if not isinstance(fields, dict):
        return SpoiltRow(_("A row must be a JSON object."), {"line": str(fields)[:200]})
    row = {}
    for name, value in fields.items():
        key = _KEYS.get(name) or _key_of(name)
        if key:
            if isinstance(value, (dict, list)):
                sentence = _("%(heading)s: must be text or a number.") % {"heading": HEADINGS[key]}
                return SpoiltRow(sentence, row)
            row[key] = as_text(value)
    return row
