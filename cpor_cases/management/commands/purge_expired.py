from django.core.management.base import BaseCommand

from cpor_cases.actions import retention


class Command(BaseCommand):
    help = "Purges names and addresses that have been kept long enough."

    def handle(self, *args, **options) -> None:
        for name, count in retention.purge_expired().items():
            self.stdout.write(f"{name}: {count} purged")
