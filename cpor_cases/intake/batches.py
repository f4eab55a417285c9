"""Batches: the staged rows of some consecutive lines, which are compared and stored together."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .clean_rows import CleanRows
from .columns import ENTRY_VALUES, EntryMoment
from .temporary_tables import moment_as_stored

BATCH = 20_000  # rows; a court's other business waits for one batch at most


@dataclass
class Batch:
    """The staged rows of some consecutive lines, and the courts they are of."""

    first: int
    last: int = 0
    rows: int = 0
    courts: set[int] = field(default_factory=set)
    shifted_by: int = 0
    """By how much its lines are lower than in the file (`hearings_ahead`)."""

    @property
    def is_ahead(self) -> bool:
        """Whether it is stored, and people are told of it, ahead of the rest of the file."""
        return bool(self.shifted_by)


@dataclass
class OpenBatch(Batch):
    """A batch of which more rows are coming."""

    _first_lines: dict[tuple, int] = field(default_factory=dict)
    """By case as sent."""
    _last_lines: dict[int, int] = field(default_factory=dict)
    """By first line."""

    @property
    def free(self) -> int:
        return BATCH - self.rows

    def take(self, rows: CleanRows) -> Iterator[tuple]:
        """Count rows in and return them as they are staged."""
        self.last = rows.line[-1]
        self.rows += len(rows.line)
        sent_in = list(map(self._first_lines.setdefault, rows.case, rows.line))
        self._last_lines.update(zip(sent_in, rows.line, strict=True))
        values = (
            map(moment_as_stored, values) if isinstance(column, EntryMoment) and any(values) else values
            for column, values in zip(ENTRY_VALUES, rows.values, strict=True)
        )
        courts = [case[0][0] for case in rows.case]
        return zip(rows.line, sent_in, courts, rows.entry_id, *values, rows.withdrawn, strict=True)

    def closed(self) -> tuple[Batch, Iterator[tuple]]:
        """Return the batch without its cases, which may be a million in a file, and those as they are staged."""
        return Batch(self.first, self.last, self.rows, self._courts()), self._cases()

    def _courts(self) -> set[int]:
        return {series[0] for series, *_rest in self._first_lines}

    def _cases(self) -> Iterator[tuple]:
        case_lines: dict[tuple, int] = {}
        for case, line in self._first_lines.items():
            series, number, *texts = case
            case_line = case_lines.setdefault((series, number), line)
            yield line, self._last_lines[line], case_line, *series, number, *texts
