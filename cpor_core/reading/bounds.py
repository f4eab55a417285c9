"""Limits of one file: lines, columns and seconds of reading. A file beyond a limit is refused as a whole.

A million rows are four times what the largest court sends in a morning. The limit of the unpacked size is in `archives`, those
of a line and a cell in `encodings` and `csv_records`.
"""

from collections.abc import Iterator
from time import monotonic
from typing import TypeVar

from django.utils.translation import gettext as _

from .archives import UnreadableFile

MOST_LINES = 1_048_576  # of a sheet of Excel, empty ones included; the same for every kind of file
MOST_COLUMNS = 100  # an export has 14
MOST_SECONDS = 180.0  # of reading alone: a million rows of CSV take ten, of XLSX a hundred


class _End:
    """What `next` returns where there is no item any more."""


_END = _End()
Item = TypeVar("Item")
Line = tuple[int, list]


def bounded_lines(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines of a table. Raises UnreadableFile at one too many, or one that is too wide."""
    for count, numbered in enumerate(lines):
        if count == MOST_LINES:
            raise too_many_lines()
        if len(numbered[1]) > MOST_COLUMNS:
            raise _too_wide(numbered[0])
        yield numbered


def in_time(items: Iterator[Item]) -> Iterator[Item]:
    """Yield the items. Raises UnreadableFile when producing them has taken MOST_SECONDS; the time of the consumer is not counted."""
    seconds = 0.0
    while True:
        started = monotonic()
        item = next(items, _END)
        seconds += monotonic() - started
        if seconds > MOST_SECONDS:
            raise UnreadableFile(
                _("Reading the file takes longer than %(seconds)d seconds. Send it in parts, or as CSV.")
                % {"seconds": MOST_SECONDS}
            )
        if isinstance(item, _End):
            return
        yield item


def too_many_lines() -> UnreadableFile:
    sentence = _("The file has more than %(most)s lines. Send it in parts.")
    return UnreadableFile(sentence % {"most": f"{MOST_LINES:,}"})


def _too_wide(line: int) -> UnreadableFile:
    sentence = _(
        "Line %(line)d has more than %(most)d columns. Delete what stands to the right of the export, also cells that"
        " look empty, and send it again."
    )
    return UnreadableFile(sentence % {"line": line, "most": MOST_COLUMNS})
