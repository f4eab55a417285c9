from contextlib import nullcontext
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from cpor_cases.intake.formats import UnreadableFile, read_rows
from cpor_cases.intake.run import run_stream
from cpor_cases.models import Court, ImportRun

SHOWN_REJECTIONS = 20
SOME_ROWS_REJECTED = 3


class Command(BaseCommand):
    help = "Imports a court's export of progress entries: CSV, NDJSON or XLSX. Exits 3 if rows were rejected."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--court", metavar="CODE", help="take this court's rows alone")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and store nothing")

    def handle(self, *args, file: Path, court: str | None, dry_run: bool, **options) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file “%(file)s”.") % {"file": file})
        with transaction.atomic() if dry_run else nullcontext():
            run = self._run(file, _court(court) if court else None)
            self._report(run, dry_run)
            if dry_run:
                transaction.set_rollback(True)
        if run.rows_rejected:
            raise SystemExit(SOME_ROWS_REJECTED)

    def _run(self, file: Path, court: Court | None) -> ImportRun:
        read = partial(read_rows, file)
        try:
            return run_stream(read, source=ImportRun.Source.COMMAND, court=court, file_name=file.name)
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}") from error

    def _report(self, run: ImportRun, dry_run: bool) -> None:
        for name in ("read", "created", "changed", "unchanged", "withdrawn", "rejected"):
            self.stdout.write(f"{name}: {getattr(run, f'rows_{name}')}")
        for rejected in run.rejected_rows.all()[:SHOWN_REJECTIONS]:
            self.stdout.write(
                _("line %(line)d: %(reason)s") % {"line": rejected.line, "reason": rejected.reason}
            )
        if run.rows_rejected > SHOWN_REJECTIONS and not dry_run:
            self.stdout.write("…")
        if run.rows_rejected and not dry_run:
            where = _("All rejected rows are kept with import %(run)d; see Imports in the office.")
            self.stdout.write(where % {"run": run.pk})
        if dry_run:
            self.stdout.write(_("This was a rehearsal: nothing was stored and nobody is told."))


def _court(code: str) -> Court:
    try:
        return Court.objects.get(code=code.upper())
    except Court.DoesNotExist:
        raise CommandError(_("No court has the code “%(code)s”.") % {"code": code}) from None
