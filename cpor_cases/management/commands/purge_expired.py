from django.core.management.base import BaseCommand

from cpor_cases.actions import retention


class Command(BaseCommand):
    help = (
        "Purges names, addresses and sessions whose retention period is over, and notifies people beforehand."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="change nothing, only say how much would go"
        )

    def handle(self, *args, dry_run: bool, **options) -> None:
        for kind, count in retention.purge_expired(dry_run=dry_run).items():
            self.stdout.write(f"{kind}: {count}{' (dry run)' if dry_run else ''}")
