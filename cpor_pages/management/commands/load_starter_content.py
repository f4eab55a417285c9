from django.core.management.base import BaseCommand, CommandError

from cpor_core.signals import content_changed
from cpor_pages.starter.load import HasOwnStartPage, load_all


class Command(BaseCommand):
    help = "Makes the pages, forms and contact a new site begins with. Edited pages stay as they are."

    def handle(self, *args, **options):
        try:
            made = load_all()
        except HasOwnStartPage as page:
            raise CommandError(
                f"This site begins with a page of its own (“{page}”); nothing was made. Make a home page of the service below "
                "the root of the pages first: docs/extension.md, “The public pages”."
            ) from None
        for name, count in made.items():
            self.stdout.write(f"{name}: {count} made")
        content_changed.send(Command)  # rows made in bulk send no signals
