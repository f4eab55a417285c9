"""Put a backup in the place of this home."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cpor_site.backup import copies
from cpor_site.backup.databases import Failed


class Command(BaseCommand):
    help = "Restores a backup: checks that it is whole, then puts it in the place of database and uploaded files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("backup", type=Path, help="the folder of one backup")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="with the secret key of an enciphered backup"
        )
        parser.add_argument("--replace", action="store_true", help="what this home holds is lost")

    def handle(self, *args, backup: Path, identity: Path | None, replace: bool, **options) -> None:
        try:
            manifest = copies.restore(backup, identity=identity, may_replace=replace)
        except (Failed, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"This home is that of {manifest['made_at']}. Now: manage.py setup, manage.py purge_expired, start the site."
        )
