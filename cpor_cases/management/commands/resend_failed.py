from django.core.management.base import BaseCommand, CommandError

from cpor_cases.actions import mails
from cpor_core.punctuation import labelled
from cpor_core.roc_dates import parse_moment


class Command(BaseCommand):
    help = (
        "Sends again the mails that failed since a moment with a certain answer, after its cause has been removed."
        " Links that have ended are not sent again."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--since", required=True, help="2026-11-28, 2026-11-28T09:00 or 115/11/28: when they failed"
        )
        parser.add_argument(
            "--answer",
            required=True,
            help="a part of what the server answered, such as 'relay access denied' or 5.7.1",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="send nothing, only say how many it would be"
        )

    def handle(self, *args, since: str, answer: str, dry_run: bool, **options) -> None:
        try:
            moment = parse_moment(since)
        except ValueError as error:
            raise CommandError(labelled("--since", error)) from None
        if not answer.strip():
            raise CommandError("--answer: a part of the server's answer is needed.")
        again, left = mails.resend_failed(since=moment, answer=answer.strip(), is_dry_run=dry_run)
        self.stdout.write(f"{again} {'would be sent' if dry_run else 'sent'} again")
        self.stdout.write(f"{left} left: by now they say nothing, or a later mail said it")
