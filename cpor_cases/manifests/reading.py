"""A manifest as it is sent → checked rows. It is taken whole or not at all: with one row left out it says something else."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cpor_cases.intake import cells
from cpor_cases.intake.cells import RowRejected
from cpor_cases.intake.reading.json_rows import members_of_list
from cpor_cases.models import Manifest
from cpor_core import roc_dates
from cpor_core.case_numbers import fold, fold_word
from cpor_core.models import Court
from cpor_core.punctuation import listed
from cpor_core.reading.archives import IncompleteFile, UnreadableFile, opened
from cpor_core.reading.encodings import encoding_of
from cpor_core.reading.tables import headings_of, lines_of, opened_text, read_table, start_of
from cpor_core.reasons import Unfit

from .groups import CaseGroup, DayGroup, Group

HEADINGS = {
    "court": "法院",
    "category": "類別",
    "year": "年度",
    "word": "字別",
    "number": "號",
    "day": "日期",
    "entry_id": "事項序號",
    "entries": "筆數",
    "digest": "摘要",
}
_KEYS = {**{key: key for key in HEADINGS}, **{heading: key for key, heading in HEADINGS.items()}}
OF_CASE = ("category", "year", "word", "number")
MOST_GROUPS = 300_000
MOST_ENTRIES = 50_000  # of single entries: they are compared in memory
MOST_ENTRIES_OF_GROUP = 9_999_999
LONGEST_ID = 60
_DIGEST = re.compile("[0-9a-f]{64}")
Row = dict[str, str]


@dataclass
class Stated:
    """What a manifest says: of each group how many entries and their digest, or of single entries their digests."""

    by: str = ""
    is_detailed: bool = False
    rows: list[list] = field(default_factory=list)
    """Of a group: its key, count and digest. Of an entry: the group's key, its number and digest."""
    digest: str = ""
    """Of the file."""


def read(path: Path, court: Court, row_count: int | None = None) -> Stated:
    """Return what a manifest of a court says. Raises UnreadableFile if any row cannot be taken, IncompleteFile if it is cut
    off or has another number of rows than `row_count`."""
    stated, known = Stated(), set()
    for line, row in _rows(path):
        try:
            _take(stated, row, court)
        except RowRejected as error:
            raise _in_line(line, str(error)) from error
        except (Unfit, ValueError) as error:
            raise _in_line(line, str(error)) from error
        *_group, last, _digest = stated.rows[-1]
        key = (stated.rows[-1][0], last) if stated.is_detailed else stated.rows[-1][0]
        if hash(key) in known:
            raise _in_line(line, _("The same case, day or entry stands twice in the manifest."))
        known.add(hash(key))
        if len(stated.rows) > (MOST_ENTRIES if stated.is_detailed else MOST_GROUPS):
            raise UnreadableFile(_("The manifest has too many rows. Send it in parts, or by day."))
    if row_count is not None and row_count != len(stated.rows):
        sentence = _("%(announced)d rows were announced, but there are %(counted)d. Nothing was imported.")
        raise IncompleteFile(sentence % {"announced": row_count, "counted": len(stated.rows)})
    with path.open("rb") as file:
        stated.digest = hashlib.file_digest(file, "sha256").hexdigest()
    return stated


def _in_line(line: int, why: str) -> UnreadableFile:
    return UnreadableFile(_("line %(line)d: %(reason)s") % {"line": line, "reason": why})


def _take(stated: Stated, row: Row, court: Court) -> None:
    by = Manifest.By.DAY if row.get("day") else Manifest.By.CASE
    is_detailed = bool(row.get("entry_id"))
    if stated.rows and (by, is_detailed) != (stated.by, stated.is_detailed):
        raise ValueError(_("A manifest goes by case or by day, and by entry or not: all rows alike."))
    stated.by, stated.is_detailed = by, is_detailed
    if row.get("court", court.code).upper() not in {court.code, court.name.upper()}:
        raise cells.rejected_for("other_court", "court", row["court"])
    group = _group(row, by)
    digest = row.get("digest", "").lower()
    if not _DIGEST.fullmatch(digest):
        raise ValueError(_("The digest must have 64 hexadecimal figures."))
    if is_detailed:
        if len(row["entry_id"]) > LONGEST_ID:
            raise ValueError(_("The entry number is too long."))
        stated.rows.append([group.key, row["entry_id"], digest])
    else:
        entries = cells.whole_number("number", row.get("entries", ""), 0, MOST_ENTRIES_OF_GROUP)
        stated.rows.append([group.key, entries, digest])


def _group(row: Row, by: str) -> Group:
    if by == Manifest.By.DAY:
        return DayGroup(roc_dates.parse_date(row["day"]))
    if missing := [key for key in OF_CASE if not row.get(key)]:
        names = listed(f"{HEADINGS[key]} ({key})" for key in missing)
        raise ValueError(_("Nothing is given for: %(missing)s.") % {"missing": names})
    return CaseGroup(
        cells.category(row["category"]),
        cells.whole_number("year", row["year"].removesuffix("年度"), 1, 999),
        fold_word(row["word"]),
        cells.number(row["number"]),
    )


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield (line, row) of JSON, NDJSON, CSV or a workbook, values folded, under English keys."""
    first = _first_character(path)
    if first in "[{":
        yield from _json_rows(path, first)
        return
    lines = read_table(path)
    keys = [_KEYS.get(fold(heading).lower()) for heading in headings_of(lines)]
    if "digest" not in keys:
        missing = f"{HEADINGS['digest']} (digest)"
        raise UnreadableFile(_("The first line lacks these headings: %(missing)s.") % {"missing": missing})
    for line, given in lines:
        if any(map(str.strip, given)):
            yield line, _folded(zip(keys, given, strict=False))


def _first_character(path: Path) -> str:
    try:
        with opened_text(path, encoding_of(partial(opened, path))) as text:
            return start_of(text).first
    except UnicodeError:
        return " "


def _json_rows(path: Path, first: str) -> Iterator[tuple[int, Row]]:
    with opened_text(path, encoding_of(partial(opened, path))) as text:
        members: Iterable[tuple[int, Any]]
        members = members_of_list(text) if first == "[" else _of_lines(lines_of(text))
        for line, pairs in members:
            if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
                raise _in_line(line, _("A row must be a JSON object."))
            yield line, _folded((_KEYS.get(name), _as_text(value)) for name, value in pairs)


def _of_lines(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line.lstrip("\ufeff"), object_pairs_hook=list)
        except (ValueError, RecursionError):
            if not line.endswith(("\r", "\n")):
                sentence = _("Line %(line)d, the last one, is cut off. Send the file again.")
                raise IncompleteFile(sentence % {"line": number}) from None
            raise _in_line(number, _("This line is not JSON.")) from None


def _as_text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _folded(pairs: Iterable[tuple[str | None, str]]) -> Row:
    return {key: fold(value) for key, value in pairs if key}
