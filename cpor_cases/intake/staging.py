"""Rows of an export → checked rows in the temporary tables, in batches.

Checked rows are streamed in, so that memory does not grow with the file, and from there whole batches go on record in a few
statements.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from django.db import connection

from cpor_core.models import Court

from . import batches
from . import temporary_tables as tables
from .batches import Batch, OpenBatch
from .cells import RowRejected
from .checks import Checker
from .clean_rows import CleanRows
from .reading.rows import Block, NotPlain
from .rejections import ReadBlocks, Rejection, reject_repeated

FEW_ROWS = 15  # are checked one by one, if something is wrong with any of them
MOST_REJECTIONS_IN_MEMORY = 500
HEARTBEAT_SECONDS = 1.0


class Listener(Protocol):
    """Is told how reading goes on."""

    def read(self, rows: int, rejected: list[Rejection], /) -> None: ...


def stage(read: ReadBlocks, *, sender: Court | None, listener: Listener) -> list[Batch]:
    """Read and check all rows and stage the clean ones; return them in batches."""
    checker = Checker(sender=sender)
    checker.look_up()
    reading, staged = _Reading(checker, iter(read())), []
    while not reading.is_over:
        tables.load("staged", reading.some())
        _add_rejected(reading.rejected_keys())
        for batch, cases in reading.closed_batches():
            tables.load("staged_case", cases)
            staged.append(batch)
        listener.read(reading.lines, reading.rejections)
    if connection.vendor == "postgresql":
        tables.run("ANALYZE staged (line, sent_in, court_id, entry_id), staged_case (line, case_line)")
    if reject_repeated():
        for batch in staged:
            batch.rows = tables.count_between(batch.first, batch.last)
    return staged


def _add_rejected(keys: Iterable[tuple[int, int, str]]) -> None:
    """Note which entries rejected rows name: (line, court, entry_id)."""
    if not (keys := list(keys)):
        return
    with tables.without_lock(), connection.cursor() as cursor:
        cursor.executemany("INSERT INTO staged_rejected VALUES (%s, %s, %s)", keys)


@dataclass
class _Reading:
    """Rows being read and checked, some at a time."""

    checker: Checker
    blocks: Iterator[Block]
    is_over: bool = False
    lines: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    _batches: list[OpenBatch] = field(default_factory=list)

    def some(self) -> Iterator[tuple]:
        """Yield clean rows to be staged until it is time for a heartbeat; keep the rejected ones."""
        self.lines, self.rejections = 0, []
        end = monotonic() + HEARTBEAT_SECONDS
        for block in self.blocks:
            for clean in self._checked(block):
                for batch, rows in self._spread(clean):
                    yield from batch.take(rows)
            if self.lines >= batches.BATCH or len(self.rejections) >= MOST_REJECTIONS_IN_MEMORY:
                return
            if monotonic() > end:
                return
        self.is_over = True

    def closed_batches(self) -> Iterator[tuple[Batch, Iterator[tuple]]]:
        """Yield the batches to which nothing will be added any more, with their cases."""
        while self._batches and (self.is_over or len(self._batches) > 1):
            yield self._batches.pop(0).closed()

    def rejected_keys(self) -> Iterator[tuple[int, int, str]]:
        for line, _reason, row in self.rejections:
            if key := self.checker.entry_key(row):
                yield (line, *key)

    def _checked(self, block: Block) -> Iterator[CleanRows]:
        """Yield the clean rows of a block: together, or in parts, or one by one where something is wrong."""
        try:
            clean = self.checker.check_block(block)
        except NotPlain:
            if len(block) <= FEW_ROWS:
                yield from self._checked_alone(block)
            else:
                for part in block.parts(FEW_ROWS):
                    yield from self._checked(part)
        else:
            self.lines += len(block)
            yield clean

    def _checked_alone(self, block: Block) -> Iterator[CleanRows]:
        for line, row in block.rows():
            self.lines += 1
            try:
                clean = self.checker.check(line, row)
            except RowRejected as rejection:
                self.rejections.append((line, rejection.reason.named(block.headings), row))
            else:
                yield CleanRows.of(clean)

    def _spread(self, clean: CleanRows) -> Iterator[tuple[OpenBatch, CleanRows]]:
        """Yield clean rows with the batch they belong to: the last one, as long as it is not full, then a new one."""
        while clean.line:
            if not self._batches or not self._batches[-1].free:
                self._batches.append(OpenBatch(first=clean.line[0]))
            free = self._batches[-1].free
            yield self._batches[-1], clean.part(0, free)
            clean = clean.part(free, None)
