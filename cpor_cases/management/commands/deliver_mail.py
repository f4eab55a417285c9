from django.core.management.base import BaseCommand

from cpor_cases import outbox


class Command(BaseCommand):
    help = "Sends the mail that is due, once, without the worker."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{outbox.deliver_all()} sent")
