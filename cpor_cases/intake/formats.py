"""A court's export, whatever its dress, as rows: (line number, {key: text}).

CSV with a header row (UTF-8 with or without BOM, or CP950/Big5), NDJSON, or XLSX; English keys or Chinese headings.
"""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import openpyxl
from django.utils.translation import gettext as _

from cpor_cases.case_numbers import fold

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
_KEYS = {**{key: key for key in HEADINGS}, **{heading: key for key, heading in HEADINGS.items()}}


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


def read_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield (line, row) for each row of the file; the header is line 1, a row's values are text under English keys.

    Raises UnreadableFile if it is none of the formats.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise UnreadableFile(_("The file is empty. Send the export again."))
    if start.startswith(b"PK\x03\x04"):
        yield from _read_xlsx(path)
        return
    if start.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile(_("This is not an export. Send CSV, NDJSON or XLSX."))
    encoding = _encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.read(1)
        file.seek(0)
        yield from _read_ndjson(file) if first == "{" else _read_csv(file)


def _encoding_of(path: Path) -> str:
    """Return the encoding in which every byte of the file has a meaning: UTF-8 first, then the one of older systems."""
    for encoding in ("utf-8-sig", "cp950"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile(_("The file is neither UTF-8 nor Big5 (CP950). Save it as UTF-8 and send it again."))


def _read_csv(file: io.TextIOBase) -> Iterator[tuple[int, Row]]:
    lines = csv.reader((line.replace("\0", "") for line in file), dialect=_dialect(file))
    keys = _keys_of(next(lines, []))
    try:
        for values in lines:
            if any(value.strip() for value in values):
                yield lines.line_num, _row(keys, values)
    except csv.Error as error:
        sentence = _("Line %(line)d cannot be read as CSV (%(error)s).")
        raise UnreadableFile(sentence % {"line": lines.line_num, "error": error}) from error


def _dialect(file: io.TextIOBase) -> type[csv.Dialect]:
    """Return commas, or tabs or semicolons where the header has those instead."""
    header = file.readline()
    file.seek(0)

    class Dialect(csv.excel):
        delimiter = max(",\t;", key=header.count)

    return Dialect


def _read_ndjson(file: io.TextIOBase) -> Iterator[tuple[int, Row]]:
    for line, text in enumerate(file, start=1):
        if not text.strip():
            continue
        try:
            fields = json.loads(text)
        except ValueError as error:
            raise UnreadableFile(_("Line %(line)d is not JSON.") % {"line": line}) from error
        if not isinstance(fields, dict):
            raise UnreadableFile(_("Line %(line)d is not a JSON object.") % {"line": line})
        yield line, row_from_json(fields)


def row_from_json(fields: dict) -> Row:
    """Return one JSON object as a row: known keys or headings, values as text."""
    known = ((_KEYS.get(fold(str(key))), value) for key, value in fields.items())
    return {key: _as_text(value) for key, value in known if key}


def _read_xlsx(path: Path) -> Iterator[tuple[int, Row]]:
    with path.open("rb") as file:
        yield from _read_workbook(file)


def _read_workbook(file: io.BufferedReader) -> Iterator[tuple[int, Row]]:
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise UnreadableFile(_("This is not a spreadsheet. Send CSV, NDJSON or XLSX.")) from error
    try:
        lines = book.worksheets[0].iter_rows(values_only=True)
        keys = _keys_of([_as_text(value) for value in next(lines, ())])
        for line, values in enumerate(lines, start=2):
            texts = [_as_text(value) for value in values]
            if any(text.strip() for text in texts):
                yield line, _row(keys, texts)
    finally:
        book.close()


def _keys_of(headings: Iterable[str]) -> list[str | None]:
    """Return the key of each column, None for one that is not known; refuse a header without the required ones."""
    keys = [_KEYS.get(fold(heading).lower()) for heading in headings]
    missing = [key for key in REQUIRED if key not in keys]
    if missing:
        named = ", ".join(f"{HEADINGS[key]} ({key})" for key in missing)
        raise UnreadableFile(_("The first line lacks these headings: %(missing)s.") % {"missing": named})
    return keys


def _row(keys: list[str | None], values: list[str]) -> Row:
    return {key: value for key, value in zip(keys, values, strict=False) if key}


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return (
                value.strftime("%Y-%m-%d %H:%M") if value.time() != dt.time() else value.strftime("%Y-%m-%d")
            )
        case dt.date():
            return value.isoformat()
        case _:
            return str(value).replace("\0", "")
