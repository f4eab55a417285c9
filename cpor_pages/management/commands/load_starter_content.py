from django.core.management.base import BaseCommand

from cpor_pages.page_cache import drop_all
from cpor_pages.starter.load import load_all


class Command(BaseCommand):
    help = "Make the pages, forms and contact a new house begins with. Edited pages stay as they are."

    def handle(self, *args, **options):
        for name, count in load_all().items():
            self.stdout.write(f"{name}: {count} made")
        drop_all()  # what was made in bulk tells nobody
