from django.core.management.base import BaseCommand, CommandError

from cpor_cases.actions import bounces
from cpor_cases.mail import bounce_mailbox
from cpor_core import conf


class Command(BaseCommand):
    help = "Reads the mailbox to which mail comes back (BOUNCES_URL), once, without the worker."

    def handle(self, *args, **options) -> None:
        if not conf.BOUNCES_URL:
            raise CommandError("BOUNCES_URL is not set; .env.example explains it.")
        try:
            counts = bounces.read_mailbox()
        except bounce_mailbox.Unreachable as error:
            raise CommandError(f"The mailbox of BOUNCES_URL cannot be read ({error}).") from None
        for came in bounces.Came:
            self.stdout.write(f"{came}: {counts.get(came, 0)}")
