from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cpor_cases import demo


class Command(BaseCommand):
    help = "Makes demo people with demo cases. Never where a database is configured by DATABASE_URL."

    def handle(self, *args, **options) -> None:
        if settings.IS_DATABASE_CONFIGURED:
            raise CommandError("DATABASE_URL is set: demo people are not made in a configured database.")
        names = demo.load()
        self.stdout.write(f"Demo accounts (password {demo.PASSWORD}): {', '.join(names)}")
