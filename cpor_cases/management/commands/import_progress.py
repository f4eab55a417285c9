import argparse
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.utils.translation import gettext as _

from cpor_cases.actions.imports import import_file
from cpor_cases.intake.dry_run import simulate
from cpor_cases.intake.reading.formats import UnreadableFile
from cpor_cases.intake.reading.source_files import Announced, SourceFile
from cpor_cases.models import ImportRun
from cpor_core.models import Court
from cpor_core.punctuation import labelled

SHOWN_REJECTIONS = 20
SHOWN_WARNINGS = 1000
COUNTS = ("read", "created", "changed", "unchanged", "withdrawn", "rejected", "superseded")
SOME_ROWS_REJECTED = 3


class Command(BaseCommand):
    help = "Imports a court's export of progress entries: CSV, NDJSON or XLSX. Exits 3 if rows were rejected."
    exit_codes = {
        SOME_ROWS_REJECTED: "all is done, but some rows were rejected; each is printed with its reason"
    }

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the export; CSV, NDJSON, JSON or XLSX")
        parser.add_argument("--court", metavar="CODE", help="take this court's rows alone")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and store nothing")
        parser.add_argument("--rows", type=_count, metavar="N", help="refuse the file unless it has N rows")
        parser.add_argument(
            "--sha256",
            type=_sha256,
            metavar="HEX",
            help="refuse the file unless this is its SHA-256",
        )

    def handle(
        self,
        *args,
        file: Path,
        court: str | None,
        dry_run: bool,
        rows: int | None = None,
        sha256: str | None = None,
        **options,
    ) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file “%(file)s”.") % {"file": file})
        its_court = _court(court) if court else None
        try:
            take = self._simulate if dry_run else self._import
            rejected = take(file, its_court, Announced(rows, sha256))
        except UnreadableFile as error:
            raise CommandError(labelled(file, error)) from error
        if rejected:
            raise SystemExit(SOME_ROWS_REJECTED)

    def _import(self, file: Path, court: Court | None, announced: Announced) -> int:
        line = ProgressLine(self.stderr)
        with line:
            run = import_file(
                file,
                source=ImportRun.Source.COMMAND,
                court=court,
                file_name=file.name,
                announced=announced,
                on_progress=line.say,
                on_wait=line.say_it_waits,
            )
        self._say_counts({name: getattr(run, f"rows_{name}") for name in COUNTS})
        rejected = run.rejected_rows.order_by("line")
        if court is None:
            # Rows of several courts are on no screen of the office: all that can be said is said here.
            self._say_rejections((row.line, row.sentence) for row in rejected.iterator())
        else:
            self._say_rejections((row.line, row.sentence) for row in rejected[:SHOWN_REJECTIONS])
        self._say_rejections((warning.line, warning.sentence) for warning in run.warnings.order_by("line"))
        if run.rows_rejected and court:
            where = _("All rejected rows are kept with import %(run)d; see Imports in the office.")
            self.stdout.write(where % {"run": run.pk})
        return run.rows_rejected

    def _simulate(self, file: Path, court: Court | None, announced: Announced) -> int:
        source = SourceFile(file)
        source.require(announced)
        with ProgressLine(self.stderr) as line:
            found = simulate(
                source.blocks,
                court=court,
                most_shown=SHOWN_WARNINGS,
                on_progress=lambda so_far: line.say(so_far.counts["read"], 0),
            )
        self._say_counts(found.counts)
        self._say_rejections(
            (line, reason.sentence()) for line, reason, _row in found.rejections[:SHOWN_REJECTIONS]
        )
        self._say_rejections((warning.line, warning.sentence) for warning in found.warnings)
        self.stdout.write(_("People to be emailed: %(count)d") % {"count": found.people})
        self.stdout.write(_("This was a dry run: nothing was stored and nobody is told."))
        return found.counts["rejected"]

    def _say_counts(self, counts: Mapping[str, int]) -> None:
        for name in COUNTS:
            self.stdout.write(f"{name}: {counts[name]}")

    def _say_rejections(self, rejections: Iterable[tuple[int, str]]) -> None:
        for line, reason in rejections:
            self.stdout.write(_("line %(line)d: %(reason)s") % {"line": line, "reason": reason})


class ProgressLine:
    """One line on a terminal, rewritten with each step and cleared at the end; nothing where output goes elsewhere."""

    def __init__(self, out: OutputWrapper):
        self.out = out

    def say(self, read: int, done: int) -> None:
        sentence = _("%(read)s rows read") % {"read": f"{read:,}"}
        if done:
            sentence += " · " + _("%(done)s imported") % {"done": f"{done:,}"}
        self._write(sentence)

    def say_it_waits(self) -> None:
        self._write(_("Another file of this court is being imported; this one comes next."))

    def _write(self, sentence: str) -> None:
        if self.out.isatty():
            self.out.write(f"\r\x1b[K{sentence}", ending="")
            self.out.flush()

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *_exception) -> None:
        if self.out.isatty():
            self.out.write("\r\x1b[K", ending="")


def _count(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError("a number of rows, the first line not counted")
    return int(text)


def _sha256(text: str) -> str:
    if not re.fullmatch("[0-9A-Fa-f]{64}", text):
        raise argparse.ArgumentTypeError("64 hexadecimal figures")
    return text


def _court(code: str) -> Court:
    try:
        return Court.objects.get(code=code.upper())
    except Court.DoesNotExist:
        raise CommandError(_("No court has the code “%(code)s”.") % {"code": code}) from None
