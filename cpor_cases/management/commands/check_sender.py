import ipaddress

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cpor_cases.mail.sender.checks import results
from cpor_cases.mail.sender.results import Grade
from cpor_cases.mail.sender.senders import sender_of_settings


class Command(BaseCommand):
    help = (
        "Checks what a receiver of our mail sees of its sender: SPF, DKIM, DMARC, MX, reverse DNS and greeting, and"
        " the mail server. Exits with 1 if something is missing for which mail lands in spam."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--address",
            action="append",
            default=[],
            help="an internet address from which mail leaves, if it is not the mail server's; may be repeated",
        )

    def handle(self, *args, address: list[str], **options) -> None:
        for each in address:
            try:
                ipaddress.ip_address(each)
            except ValueError:
                raise CommandError(f"{each} is no internet address.") from None
        if "eml_files" in settings.EMAIL_BACKEND:
            raise CommandError("EMAIL_URL is empty: mails are written to files, and nobody receives them.")
        missing = 0
        for result in results(sender_of_settings(address)):
            self.stdout.write(str(result))
            missing += result.grade is Grade.MISSING
        if missing:
            raise CommandError(f"{missing} missing: for these, mail is refused or lands in spam.")
        self.stdout.write("Nothing is missing.")
