from django.core.management.base import BaseCommand

from cpor_core import reference


class Command(BaseCommand):
    help = "Adds the courts, case words, kinds of progress entries, roles and reasons for refusal that are missing."

    def handle(self, *args, **options) -> None:
        for name, count in reference.load_all().items():
            self.stdout.write(f"{name}: {count} added")
