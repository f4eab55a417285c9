"""A court's export in any of its formats, as rows: (line number, {key: text}).

CSV with a header row, NDJSON, a JSON list or XLSX; UTF-8, UTF-16 or CP950/Big5; English keys or Chinese headings; as it
is, gzipped or alone in a ZIP. What is wrong with one row makes that row malformed; what is wrong with the file refuses the file.
"""

import io
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
from cpor_core.reading.bounds import bounded_lines, in_time
from cpor_core.reading.encodings import encoding_of
from cpor_core.reading.spreadsheets import read_lines
from cpor_core.reading.tables import (
    Start,
    headings_of,
    lines_of,
    opened_text,
    records_of,
    start_of,
)

from .headings import RowShape, checked_against, keys_of
from .json_rows import read_json_list, read_ndjson
from .rows import (
    Block,
    NumberedRow,
    SentHeadings,
    TableBlock,
    blocks_of_table,
    in_blocks,
    rows_of,
    with_known_characters,
)

__all__ = ["IncompleteFile", "UnreadableFile", "count_rows", "read_blocks", "read_rows"]


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
        yield from in_blocks(map(with_known_characters, read_json_list(text, headings)), headings)
    elif first == "{":
        headings = SentHeadings()
        yield from in_blocks(map(with_known_characters, read_ndjson(lines_of(text), headings)), headings)
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
