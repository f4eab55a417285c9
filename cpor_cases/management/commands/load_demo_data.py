from django.core.management.base import BaseCommand, CommandError

from cpor_cases import demo
from cpor_core import conf


class Command(BaseCommand):
    help = "Makes demo people with demo cases. Never where a database is configured by DATABASE_URL."

    def handle(self, *args, **options) -> None:
        if not conf.DEMO_DATA_ALLOWED:
            raise CommandError(
                "DATABASE_URL is set, or CPOR does not say DEMO_DATA_ALLOWED: demo people are not made here."
            )
        names = demo.load()
        self.stdout.write(f"Demo accounts (password {demo.PASSWORD}): {', '.join(names)}")
