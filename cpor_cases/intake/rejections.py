"""Rows that cannot be taken: those that show it when they are checked, and those that show it when all have been read."""

from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from cpor_cases.models import ImportRun, RejectedRow, RejectionGroup
from cpor_cases.models.rejection_groups import ABORTED
from cpor_core.reasons import Reason

from . import temporary_tables as tables
from .batches import Batch
from .reading.rows import Block, Row
from .rejected_cases import cases_named

Rejection = tuple[int, Reason, Row]
ReadBlocks = Callable[[], Iterable[Block]]
"""Reads the rows, line numbers ascending; is called again for the words of rows that are rejected late."""
LAST_LINE = 2**31 - 1


@transaction.atomic
def record(run: ImportRun, rejections: list[Rejection]) -> None:
    """Keep rejected rows with the run."""
    if not rejections:
        return
    cases = cases_named(run, rejections)
    RejectedRow.objects.bulk_create(
        [RejectedRow.of(run, line, reason, row, cases.get(line)) for line, reason, row in rejections], 500
    )
    ImportRun.objects.filter(pk=run.pk).update(
        rows_rejected=F("rows_rejected") + len(rejections), heartbeat_at=timezone.now()
    )


@transaction.atomic
def forget(run: ImportRun) -> None:
    """Keep no row of a file that is refused as a whole, not even as a rejected one."""
    run.rejected_rows.all().delete()
    run.warnings.all().delete()
    ImportRun.objects.filter(pk=run.pk).update(rows_read=0, rows_rejected=0)


def count_groups(run: ImportRun, state: ImportRun.State) -> bool:
    """Count the rejected rows of a run that has ended by their reason: each group is work until it is repaired or answered.
    Return whether there are any."""
    if run.source == ImportRun.Source.TYPED:
        return False  # the form that it was typed into says so
    counts = run.rejected_rows.order_by().values_list("code").annotate(rows=Count("pk"))
    groups = [RejectionGroup(run=run, code=code, rows=rows) for code, rows in counts]
    if state == ImportRun.State.ABORTED:
        groups.append(RejectionGroup(run=run, code=ABORTED, rows=0))
    RejectionGroup.objects.bulk_create(groups, ignore_conflicts=True)
    return bool(groups)


def reject_repeated() -> int:
    """Reject the staged rows whose entry a later line names as well; return how many they are."""
    repeated = tables.run(
        """INSERT INTO rejected_late (line, counting_line)
        SELECT staged.line, latest.line FROM staged JOIN (
            SELECT court_id, entry_id, max(line) AS line FROM (
                SELECT court_id, entry_id, line FROM staged UNION ALL
                SELECT court_id, entry_id, line FROM staged_rejected
            ) AS named GROUP BY court_id, entry_id HAVING count(*) > 1
        ) AS latest ON latest.court_id = staged.court_id AND latest.entry_id = staged.entry_id
        WHERE staged.line < latest.line"""
    )
    if repeated:
        _take_out(0, LAST_LINE)
    return repeated


def reject_moved(batch: Batch) -> None:
    """Reject the rows of a batch whose entry stands in another case on record."""
    tables.run("INSERT INTO rejected_late (line) SELECT line FROM change_set WHERE change = 'moved'")
    tables.run("DELETE FROM change_set WHERE change = 'moved'")
    _take_out(batch.first, batch.last)
    if batch.shifted_by:
        tables.run(
            "UPDATE rejected_late SET line = line + %s WHERE line BETWEEN %s AND %s",
            *(batch.shifted_by, batch.first, batch.last),
        )


def _take_out(first: int, last: int) -> None:
    """Delete what is rejected between two lines, and let each case be as the rows that stay name it."""
    lines = first, last
    # Only joins, and only the cases concerned: where one line of a million is repeated, all else must not be gone through.
    tables.run(
        """UPDATE staged_case SET last_line = NULL WHERE line IN (
            SELECT staged.sent_in FROM rejected_late JOIN staged ON staged.line = rejected_late.line
            WHERE rejected_late.line BETWEEN %s AND %s)""",
        *lines,
    )
    tables.run(
        "DELETE FROM staged WHERE line IN (SELECT line FROM rejected_late WHERE line BETWEEN %s AND %s)",
        *lines,
    )
    tables.run(
        """UPDATE staged_case SET last_line = kept.line FROM (
            SELECT staged.sent_in, max(staged.line) AS line FROM staged
            JOIN staged_case AS concerned ON concerned.line = staged.sent_in AND concerned.last_line IS NULL
            WHERE staged.line BETWEEN %s AND %s GROUP BY staged.sent_in
        ) AS kept WHERE kept.sent_in = staged_case.line""",
        *lines,
    )
    tables.run("DELETE FROM staged_case WHERE last_line IS NULL")


def late(read: ReadBlocks) -> Iterator[list[Rejection]]:
    """Yield, block by block, the rows that were rejected after all had been read, as they were sent."""
    if not tables.count("rejected_late"):
        return
    for block in read():
        lines = block.lines()
        if counting := _rejected_late(lines[0], lines[-1]):
            yield [
                (line, _late_reason(counting[line]).named(block.headings), row)
                for line, row in block.rows()
                if line in counting
            ]


def _rejected_late(first: int, last: int) -> dict[int, int | None]:
    """Return the rows rejected late between two lines, with the line that counts instead where it is for that."""
    query = "SELECT line, counting_line FROM rejected_late WHERE line BETWEEN %s AND %s"
    return dict(tables.select(query, first, last))


def _late_reason(counting_line: int | None) -> Reason:
    if counting_line is None:
        return Reason("entry_of_another_case", "entry_id")
    return Reason("later_line_counts", "entry_id", {"last": counting_line})
