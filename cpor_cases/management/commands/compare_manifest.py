from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cpor_cases.actions import manifests
from cpor_cases.models import Manifest
from cpor_core.models import Court
from cpor_core.punctuation import labelled
from cpor_core.reading.archives import UnreadableFile

SOME_DIFFER = 3
SHOWN = 20


class Command(BaseCommand):
    help = "Compares a court's manifest with the record. Exits 3 if they differ."
    exit_codes = {SOME_DIFFER: "the court holds other entries; the first cases or days are printed"}

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the manifest; CSV, NDJSON, JSON or XLSX")
        parser.add_argument("--court", metavar="CODE", required=True, help="whose manifest it is")
        parser.add_argument(
            "--complete",
            action="store_true",
            help="it names every case, or every day from its first to its last",
        )

    def handle(self, *args, file: Path, court: str, complete: bool, **options) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file “%(file)s”.") % {"file": file})
        its_court = Court.objects.filter(code=court.upper()).first()
        if its_court is None:
            raise CommandError(_("No court has the code “%(code)s”.") % {"code": court})
        try:
            manifest = manifests.accept(file, court=its_court, is_complete=complete)
        except UnreadableFile as error:
            raise CommandError(labelled(file, error)) from error
        except manifests.NoRows:
            raise CommandError(_("The file is empty. Send the export again.")) from None
        if manifests.waits_for(manifest).exists():
            self.stdout.write(_("It is compared by the worker once the court's earlier imports have ended."))
            return
        manifests.compare_waiting.call_local()
        self._say(Manifest.objects.get(pk=manifest.pk))

    def _say(self, manifest: Manifest) -> None:
        found = manifest.differences.order_by("group")
        count = found.count()
        figures = {"equal": manifest.equal, "different": count, "left out": manifest.left_out}
        for name, figure in figures.items():
            self.stdout.write(f"{name}: {figure}")
        for each in found[:SHOWN]:
            self.stdout.write(
                f"{each.group}: {each.get_kind_display()} ({each.entries_there}/{each.entries_here})"
            )
        if count:
            raise SystemExit(SOME_DIFFER)
