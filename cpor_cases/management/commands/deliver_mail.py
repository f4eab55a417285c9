from django.core.management.base import BaseCommand

from cpor_cases import outbox
from cpor_cases.actions import digests
from cpor_cases.intake import holds


class Command(BaseCommand):
    help = "Sends the mail that is due, once, without the worker."

    def handle(self, *args, **options) -> None:
        holds.publish_due()
        digests.gather()
        self.stdout.write(f"{outbox.deliver_all()} sent")
