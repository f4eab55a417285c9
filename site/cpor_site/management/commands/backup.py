"""Back the database and the uploaded files up, while the site runs."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cpor_site.backup import copies
from cpor_site.backup.databases import Failed


class Command(BaseCommand):
    help = "Backs the database and the uploaded files up in a folder, enciphered for BACKUP_RECIPIENTS."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "folder", type=Path, help="where backups are kept; each is a folder of its own in it"
        )
        parser.add_argument(
            "--keep", type=int, metavar="DAYS", help="then remove backups in the folder that are older"
        )

    def handle(self, *args, folder: Path, keep: int | None, **options) -> None:
        started = time.monotonic()
        try:
            made = copies.make(folder)
        except (Failed, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        size = sum(path.stat().st_size for path in made.iterdir()) >> 20
        self.stdout.write(f"{made}: {size} MB in {time.monotonic() - started:.1f} s")
        if not settings.BACKUP_RECIPIENTS:
            self.stdout.write("It is not enciphered: see BACKUP_RECIPIENTS.")
        if keep is not None:
            for path in copies.remove_old(folder, days=keep):
                self.stdout.write(f"{path}: removed")
