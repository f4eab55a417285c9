"""A court's export in any of its formats, as rows: (line number, {key: text}).

CSV with a header row, NDJSON, a JSON list or XLSX; UTF-8, UTF-16 or CP950/Big5; English keys or Chinese headings; as it
is, gzipped or alone in a ZIP. What is wrong with one row makes that row malformed; what is wrong with the file refuses the file.
"""

import io
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from cpor_core.reading.archives import (
    IncompleteFile,
    UnreadableFile,
    is_spreadsheet,
    opened,
    refuse_false_name,
    refuse_other_kinds,
    refuse_packed_twice,
)
from cpor_core.reading.bounds import MOST_COLUMNS, MOST_LINES, bounded_lines, in_time, too_many_lines
from cpor_core.reading.encodings import LONGEST_LINE, encoding_of
from cpor_core.reading.spreadsheets import as_text, read_lines
from cpor_core.reading.tables import (
    END_OF_DOS,
    Start,
    headings_of,
    lines_of,
    opened_text,
    records_of,
    start_of,
)
from cpor_core.reasons import Reason

from .headings import RowShape, checked_against, key_of, keys_of
from .rows import (
    LONGEST_NAME,
    Block,
    MalformedRow,
    NumberedRow,
    SentHeadings,
    TableBlock,
    blocks_of_table,
    in_blocks,
    rows_of,
    with_known_characters,
)

__all__ = ["IncompleteFile", "UnreadableFile", "count_rows", "read_blocks", "read_rows"]

_BLANKS = re.compile(r"[ \t\r\n,]*")


def read_rows(path: Path) -> Iterator[NumberedRow]:
    """Yield (line, row) for each row of the file; the header is line 1, a row's values are text under English keys.

    In a JSON list a row's line is its place in the list. Raises UnreadableFile if it is none of the formats.
    """
    return rows_of(read_blocks(path))


def read_blocks(path: Path, file_name: str = "") -> Iterator[Block]:
    """Yield what `read_rows` does, in blocks. A file called `file_name` must be what its ending says."""
    yield from in_time(_read_blocks(path, file_name))


def _read_blocks(path: Path, file_name: str) -> Iterator[Block]:
    refuse_other_kinds(path)
    refuse_false_name(path, file_name)
    if is_spreadsheet(path):
        yield from _read_sheet(read_lines(path))
        return
    refuse_packed_twice(path)
    encoding = encoding_of(partial(opened, path))
    open_text = partial(opened_text, path, encoding)
    try:
        with open_text() as text:
            start = start_of(text)
        with open_text() as text:
            yield from _read_text(text, start)
    except UnicodeError as error:
        raise IncompleteFile(_("The file is cut off in the middle of a character. Send it again.")) from error


def count_rows(path: Path) -> int:
    """Return how many rows a file has, whether they can be taken or not. Reads all of it; raises UnreadableFile."""
    return sum(map(len, read_blocks(path)))


def _read_text(text: io.TextIOWrapper, start: Start) -> Iterator[Block]:
    first = start.first
    if first == "[":
        headings = SentHeadings()
        yield from in_blocks(map(with_known_characters, _read_json_list(text, headings)), headings)
    elif first == "{":
        headings = SentHeadings()
        yield from in_blocks(map(with_known_characters, _read_ndjson(text, headings)), headings)
    else:
        yield from _read_csv(text, start)


def _read_csv(text: io.TextIOWrapper, start: Start) -> Iterator[TableBlock]:
    records = records_of(text, start)
    lines = bounded_lines(iter(records))
    headings = headings_of(lines)
    if start.names_delimiter:
        headings = headings_of(lines)
    keys = keys_of(headings)
    if records.is_without_line_end:
        raise IncompleteFile(_("The file is cut off within the headings. Send it again."))
    records.shape = RowShape(keys)
    yield from checked_against(headings, keys, blocks_of_table(lines, keys, headings))


def _read_sheet(lines: Iterator[tuple[int, list[str]]]) -> Iterator[TableBlock]:
    headings = headings_of(lines)
    return blocks_of_table(lines, keys_of(headings), headings)


def _read_ndjson(text: io.TextIOWrapper, headings: SentHeadings) -> Iterator[NumberedRow]:
    for number, line in enumerate(lines_of(text), start=1):
        if line.isspace() or not line:
            continue
        try:
            row = _row_from_json(_decode(line.lstrip("\ufeff")), headings)
        except (ValueError, RecursionError):
            if not line.endswith(("\r", "\n")):
                sentence = _("Line %(line)d, the last one, is cut off. Send the file again.")
                raise IncompleteFile(sentence % {"line": number}) from None
            row = MalformedRow(Reason("not_json"), {"line": line.strip()[:200]})
        yield number, row


class _Members(list):
    """The members of a JSON object in pairs: a name may stand twice, which a dict would not show."""


_decoder = json.JSONDecoder(object_pairs_hook=_Members)
_decode = _decoder.decode


def _read_json_list(text: io.TextIOWrapper, headings: SentHeadings) -> Iterator[NumberedRow]:
    """Yield the members of a list one by one: the whole of it need not fit into memory."""
    held, place, count = "", 0, 0
    while not held:
        held = text.read(1 << 16).lstrip("\ufeff \t\r\n")
    held = held[1:]
    while True:
        place = _BLANKS.match(held, place).end()
        if place < len(held) and held[place] == "]":
            _refuse_what_follows(held[place + 1 :], text)
            return
        try:
            member, place = _decoder.raw_decode(held, place)
        except (ValueError, RecursionError) as error:
            more = text.read(1 << 16)
            if not more or len(held) - place > LONGEST_LINE:
                raise _broken_list(held[place:], count + 1, error) from error
            held, place = held[place:] + more, 0
            continue
        if (count := count + 1) > MOST_LINES:
            raise too_many_lines()
        yield count, _row_from_json(member, headings)


def _broken_list(rest: str, row: int, error: Exception) -> UnreadableFile:
    sentence = _("Row %(place)d of the list is not JSON, or the list does not end.") % {"place": row}
    ends_too_early = isinstance(error, json.JSONDecodeError) and len(rest) <= LONGEST_LINE
    return IncompleteFile(sentence) if ends_too_early else UnreadableFile(sentence)


def _refuse_what_follows(rest: str, text: io.TextIOWrapper) -> None:
    """Rows of a second list would be lost silently."""
    while rest:
        if rest.replace("\0", "").replace(END_OF_DOS, "").strip():
            raise UnreadableFile(_("Something stands after the end of the JSON list. Send one list."))
        rest = text.read(1 << 16)


def _row_from_json(members: object, headings: SentHeadings) -> dict[str, str]:
    """Return one JSON object as a row: known keys or headings, values as text; note what the columns are called."""
    if not isinstance(members, _Members):
        return MalformedRow(Reason("not_an_object"), {"line": str(members)[:200]})
    if len(members) > MOST_COLUMNS:
        return MalformedRow(Reason("too_many_fields", parameters={"most": MOST_COLUMNS}))
    row = {}
    for name, value in members:
        key = key_of(name)
        if key:
            if key not in headings:
                headings[key] = name.strip()[:LONGEST_NAME]
            if isinstance(value, list):
                return MalformedRow(Reason("not_text", key), row)
            if key in row:
                return MalformedRow(Reason("twice_in_row", key), row)
            row[key] = as_text(value)
    return row
