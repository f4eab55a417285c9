"""Rows as JSON: a list of objects, or an object a line (NDJSON)."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from django.utils.translation import gettext as _

from cpor_core.reading.archives import IncompleteFile, UnreadableFile
from cpor_core.reading.bounds import MOST_COLUMNS, MOST_LINES, too_many_lines
from cpor_core.reading.encodings import LONGEST_LINE
from cpor_core.reading.spreadsheets import as_text
from cpor_core.reading.tables import END_OF_DOS
from cpor_core.reasons import Reason

from .headings import key_of
from .rows import LONGEST_NAME, MalformedRow, NumberedRow, Row, SentHeadings

_BLANKS = re.compile(r"[ \t\r\n,]*")


def read_ndjson(lines: Iterable[str], headings: SentHeadings) -> Iterator[NumberedRow]:
    for number, line in enumerate(lines, start=1):
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


def read_json_list(text: TextIO, headings: SentHeadings) -> Iterator[NumberedRow]:
    """Yield the members of a list as rows."""
    for place, member in members_of_list(text):
        yield place, _row_from_json(member, headings)


def members_of_list(text: TextIO) -> Iterator[tuple[int, Any]]:
    """Yield (place, member) of a list, objects as pairs: the whole of it need not fit into memory."""
    held, place, count = "", 0, 0
    while not held:
        held = text.read(1 << 16).lstrip("\ufeff \t\r\n")
    held = held[1:]
    while True:
        place = _after_blanks(held, place)
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
        yield count, member


def _after_blanks(text: str, place: int) -> int:
    """Return the first place, from this one on, that is neither blank nor a comma."""
    found = _BLANKS.match(text, place)
    return found.end() if found else place


def _broken_list(rest: str, row: int, error: Exception) -> UnreadableFile:
    sentence = _("Row %(place)d of the list is not JSON, or the list does not end.") % {"place": row}
    ends_too_early = isinstance(error, json.JSONDecodeError) and len(rest) <= LONGEST_LINE
    return IncompleteFile(sentence) if ends_too_early else UnreadableFile(sentence)


def _refuse_what_follows(rest: str, text: TextIO) -> None:
    """Rows of a second list would be lost silently."""
    while rest:
        if rest.replace("\0", "").replace(END_OF_DOS, "").strip():
            raise UnreadableFile(_("There is something after the end of the JSON list. Send one list."))
        rest = text.read(1 << 16)


def _row_from_json(members: object, headings: SentHeadings) -> Row:
    """Return one JSON object as a row: known keys or headings, values as text; note what the columns are called."""
    if not isinstance(members, _Members):
        return MalformedRow(Reason("not_an_object"), {"line": str(members)[:200]})
    if len(members) > MOST_COLUMNS:
        return MalformedRow(Reason("too_many_fields", parameters={"most": MOST_COLUMNS}))
    row: Row = {}
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
