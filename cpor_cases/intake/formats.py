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
from pathlib import Path

from django.utils.translation import gettext as _

from cpor_cases.case_numbers import fold

from .encodings import ERRORS, INVISIBLE, LONGEST_LINE, encoding_of, too_long
from .packing import UnreadableFile, is_spreadsheet, opened, refuse_other_kinds
from .rows import (
    HEADINGS,
    REQUIRED,
    Block,
    NumberedRow,
    SpoiltRow,
    TableBlock,
    blocks_of_table,
    in_blocks,
    rows_of,
    with_known_characters,
)
from .spreadsheets import as_text, read_lines

__all__ = ["UnreadableFile", "read_blocks", "read_rows"]

LONGEST_CELL = 1 << 17
END_OF_DOS = "\x1a"  # what old systems write after the last line
_KEYS = {**{key: key for key in HEADINGS}, **{heading: key for key, heading in HEADINGS.items()}}
_BLANK = " \t\r\n,"


def read_rows(path: Path) -> Iterator[NumberedRow]:
    """Yield (line, row) for each row of the file; the header is line 1, a row's values are text under English keys.

    In a JSON list a row's line is its place in the list. Raises UnreadableFile if it is none of the formats.
    """
    return rows_of(read_blocks(path))


def read_blocks(path: Path) -> Iterator[Block]:
    """Yield what `read_rows` does, in blocks."""
    refuse_other_kinds(path)
    if is_spreadsheet(path):
        yield from _read_table(read_lines(path))
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


def _read_text(text: io.TextIOWrapper, first: str, header: str) -> Iterator[Block]:
    if first == "[":
        yield from in_blocks(map(with_known_characters, _read_json_list(text)))
    elif first == "{":
        yield from in_blocks(map(with_known_characters, _read_ndjson(text)))
    else:
        yield from _read_table(_read_csv(text, header))


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


def _read_table(lines: Iterator[tuple[int, list[str]]]) -> Iterator[TableBlock]:
    header = next((cells for _line, cells in lines if any(map(str.strip, cells))), [])
    return blocks_of_table(lines, _keys_of(header))


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


def _read_ndjson(text: io.TextIOWrapper) -> Iterator[NumberedRow]:
    for number, line in enumerate(_lines(text), start=1):
        if line.isspace() or not line:
            continue
        try:
            row = _row_from_json(json.loads(line.lstrip("\ufeff")))
        except (ValueError, RecursionError):
            row = SpoiltRow(_("This line is not JSON."), {"line": line.strip()[:200]})
        yield number, row


def _read_json_list(text: io.TextIOWrapper) -> Iterator[NumberedRow]:
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
        yield count, _row_from_json(member)


def _row_from_json(fields: object) -> dict[str, str]:
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
