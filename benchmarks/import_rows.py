"""The import of a court's export, against what the database takes at most and against what most Django sites use.

The physical limit is the database's own way of loading rows (COPY on PostgreSQL, executemany on SQLite) into one table
with the same columns, keys and indexes, of rows made ready beforehand. The import reads a CSV file, checks every row,
makes the cases, finds what differs, and writes who must be told.
"""

import argparse
import csv
import datetime as dt
import io
import os
import subprocess
import sys
import tempfile
from functools import partial
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.peers import is_installed
from benchmarks.timing import Contender, medians, print_table
from cpor_cases.actions.imports import begin, import_file
from cpor_cases.intake.columns import HEADINGS
from cpor_cases.intake.reading.formats import read_blocks
from cpor_cases.intake.run import carry_out
from cpor_cases.models import Case, ImportRun, ProgressEntry, RejectedRow
from cpor_core.models import Court, ProgressKind

ROOT = Path(__file__).resolve().parents[1]
ROWS_A_CASE = 10
COLUMNS = [field.column for field in ProgressEntry._meta.concrete_fields if not field.primary_key]
COMMAND = ImportRun.Source.COMMAND


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=200_000, help="rows of the imported file")
    parser.add_argument("--peer-rows", type=int, default=5_000, help="rows for the peer that takes long")


def run(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="cpor-bench-") as folder:
        ground = Ground(Path(folder), options.rows)
        _against_the_limit(ground, options.rounds)
        _memory(ground)
        _against_import_export(Ground(Path(folder), options.peer_rows), options.rounds)


class Ground:
    """The test data: the same rows as a file, as a file with one row in a hundred changed, and prepared for the database."""

    def __init__(self, folder: Path, rows: int):
        self.rows = rows
        self.court, self.kind = Court.objects.get(code="TPD"), ProgressKind.objects.get(code="judgment")
        self.first_day = timezone.make_aware(dt.datetime(2026, 1, 1, 9, 30))
        self.file = self._write(folder / f"{rows}.csv", changed_every=0)
        self.changed_file = self._write(folder / f"{rows}-changed.csv", changed_every=100)
        self.run = ImportRun.objects.create(source=COMMAND, state="done", ended_at=timezone.now())
        make_peer_table()

    def _write(self, path: Path, *, changed_every: int) -> Path:
        with path.open("w", newline="", encoding="utf-8") as file:
            file.write(",".join(HEADINGS.values()) + "\r\n")
            lines = csv.DictWriter(file, HEADINGS, restval="")
            for n in range(self.rows):
                changed = "（更正）" if changed_every and n % changed_every == 0 else ""
                lines.writerow(
                    {
                        "court": "臺灣臺北地方法院",
                        "category": "民事",
                        "year": "115",
                        "word": "訴",
                        "number": n // ROWS_A_CASE + 1,
                        "division": "孝",
                        "cause": "返還借款",
                        "entry_id": f"E{n:08d}",
                        "recorded_at": f"{self.day(n):%Y-%m-%dT%H:%M}",
                        "kind": "judgment",
                        "detail": f"原告之訴駁回，訴訟費用由原告負擔{changed}",
                    }
                )
        return path

    def day(self, n: int) -> dt.datetime:
        return self.first_day + dt.timedelta(days=n % 300, minutes=n % 480)

    def clear(self) -> None:
        for table in ("peer", *tables_about(Case, ProgressEntry, RejectedRow)):
            execute(f"TRUNCATE {table} CASCADE" if is_postgresql() else f"DELETE FROM {table}")
        ImportRun.objects.update(digest="")  # the entries are gone: no file counts as imported
        settle()

    def clear_and_make_cases(self) -> None:
        self.clear()
        numbers = range(1, (self.rows - 1) // ROWS_A_CASE + 2)
        Case.objects.bulk_create(
            (Case(court=self.court, category="civil", year=115, word="訴", number=n) for n in numbers), 500
        )
        self.cases = list(Case.objects.order_by("number").values_list("pk", flat=True))
        settle()

    def entry(self, n: int) -> ProgressEntry:
        return ProgressEntry(
            case_id=self.cases[n // ROWS_A_CASE],
            court=self.court,
            entry_id=f"E{n:08d}",
            recorded_at=self.day(n),
            kind=self.kind,
            detail="原告之訴駁回，訴訟費用由原告負擔",
            changed_in=self.run,
        )

    def clear_and_make_ready(self) -> None:
        """Prepare the rows in the database's own format, so that only loading them is measured."""
        self.clear_and_make_cases()
        fields = [field for field in ProgressEntry._meta.concrete_fields if not field.primary_key]
        self.ready = [
            tuple(
                field.get_db_prep_save(getattr(entry, field.attname), connection)
                if not is_postgresql()
                else getattr(entry, field.attname)
                for field in fields
            )
            for entry in map(self.entry, range(self.rows))
        ]
        if is_postgresql():
            self.ready = copy_text(self.ready)

    def take_all(self) -> None:
        self.clear()
        _take(self.file)
        settle()


def tables_about(*models) -> dict[str, None]:
    """Return the tables of models in the order in which they can be emptied: whatever points at a row goes before it."""
    tables: dict[str, None] = {}
    for model in models:
        below = {relation.related_model for relation in model._meta.related_objects} - {model}
        tables |= tables_about(*below)
        tables[model._meta.db_table] = None
    return tables


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def execute(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def settle() -> None:
    """Run the database's deferred work (vacuum, checkpoint) outside of any measurement."""
    if is_postgresql():
        execute("VACUUM ANALYZE cpor_cases_progressentry")
        execute("VACUUM ANALYZE cpor_cases_case")
        execute("CHECKPOINT")
    else:
        execute("PRAGMA wal_checkpoint(TRUNCATE)")


def make_peer_table() -> None:
    """Make a table like that of the entries, with the same columns, keys and indexes."""
    execute("DROP TABLE IF EXISTS peer")
    if is_postgresql():
        execute("CREATE TABLE peer (LIKE cpor_cases_progressentry INCLUDING ALL)")
        for name, constraint in select(
            """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid = 'cpor_cases_progressentry'::regclass AND contype = 'f'"""
        ):
            execute(f"ALTER TABLE peer ADD CONSTRAINT peer_{name[-30:]} {constraint}")
        return
    for (statement,) in select(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'cpor_cases_progressentry' AND sql <> '' ORDER BY type DESC"
    ):
        execute(statement.replace("cpor_cases_progressentry", "peer").replace('INDEX "', 'INDEX "peer_'))


def select(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def copy_text(rows: list[tuple]) -> bytes:
    lines = io.StringIO()
    for row in rows:
        lines.write("\t".join("\\N" if value is None else str(value) for value in row) + "\n")
    return lines.getvalue().encode()


def _against_the_limit(ground: Ground, rounds: int) -> None:
    limit = Contender(
        "COPY" if is_postgresql() else "executemany", partial(_load, ground), ground.clear_and_make_ready
    )
    contenders = [
        limit,
        Contender("import, all new", partial(_take, ground.file), ground.clear),
        Contender("import, 1 % changed", partial(_take, ground.changed_file), ground.take_all),
        Contender("import, nothing changed, read", partial(_reread, ground.file), ground.take_all),
        Contender("import, the same file again", partial(_take, ground.file), ground.take_all),
    ]
    usual = Contender(
        "bulk_create(update_conflicts)", partial(_bulk_create, ground), ground.clear_and_make_cases
    )
    title = f"Import of {ground.rows:,} rows, {ROWS_A_CASE} a case, on {connection.vendor}"
    taken = medians([*contenders, usual], rounds=rounds)
    print_table(title, taken, work=ground.rows, unit="rows", against=[limit.name, usual.name])


def _take(file: Path) -> None:
    run = import_file(file, source=COMMAND)
    if run.rows_rejected:
        sys.exit(f"{run.rows_rejected:,} rows of the measured file were rejected.")


def _reread(file: Path) -> None:
    carry_out(begin(source=COMMAND), partial(read_blocks, file))


def _load(ground: Ground) -> None:
    names = ", ".join(COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        if is_postgresql():
            with cursor.copy(f"COPY peer ({names}) FROM STDIN") as copy:
                for start in range(0, len(ground.ready), 1 << 16):
                    copy.write(ground.ready[start : start + (1 << 16)])
            return
        places = ", ".join(["%s"] * len(COLUMNS))
        cursor.executemany(f"INSERT INTO peer ({names}) VALUES ({places})", ground.ready)


def _memory(ground: Ground) -> None:
    """Print by how much a process grows at most while it imports the file."""
    ground.clear()
    small = ground.file.with_name("small.csv")
    with ground.file.open(encoding="utf-8") as lines:
        small.write_text("".join(islice(lines, 100)), encoding="utf-8")
    home = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")])}
    command = [sys.executable, "-m", "benchmarks.memory", str(small), str(ground.file)]
    subprocess.run(command, env=home, cwd=ROOT, check=True)


def _entry_resource():
    from import_export import resources

    class EntryResource(resources.ModelResource):
        class Meta:
            model = ProgressEntry
            import_id_fields = ("court", "entry_id")
            use_bulk = True
            batch_size = 1000
            skip_diff = True
            use_transactions = True

    return EntryResource()


def _against_import_export(ground: Ground, rounds: int) -> None:
    if not is_installed("import_export", "django-import-export"):
        return
    peer = Contender("django-import-export", partial(_import_export, ground), ground.clear_and_make_cases)
    ours = Contender("import", partial(_take, ground.file), ground.clear)
    title = f"Import of {ground.rows:,} rows against one that takes long"
    print_table(
        title, medians([ours, peer], rounds=rounds), work=ground.rows, unit="rows", against=[peer.name]
    )


def _bulk_create(ground: Ground) -> None:
    with transaction.atomic():
        ProgressEntry.objects.bulk_create(
            map(ground.entry, range(ground.rows)),
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["court", "entry_id"],
            update_fields=["recorded_at", "kind", "detail", "hearing_at", "courtroom", "changed_in"],
        )


def _import_export(ground: Ground) -> None:
    import tablib

    names = ["case", "court", "entry_id", "recorded_at", "kind", "detail", "courtroom", "changed_in"]
    entries = map(ground.entry, range(ground.rows))
    rows = (
        [
            e.case_id,
            e.court_id,
            e.entry_id,
            f"{e.recorded_at:%Y-%m-%d %H:%M:%S}",
            e.kind_id,
            e.detail,
            "",
            e.changed_in_id,
        ]
        for e in entries
    )
    done = _entry_resource().import_data(tablib.Dataset(*rows, headers=names), raise_errors=True)
    assert not done.has_errors()
