from django.core.management.base import BaseCommand

from cpor_cases.actions import second_factors
from cpor_cases.mail import links
from cpor_cases.management.account_names import find_account


class Command(BaseCommand):
    help = (
        "Removes every second factor of an account, ends its sessions and tells the person by mail."
        " Staff are mailed a link to set up a new one, which is printed, too."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("user", help="account name or email address")

    def handle(self, *args, user: str, **options) -> None:
        account = find_account(user)
        link = second_factors.reset(account=account)
        self.stdout.write(f"{account.username}: second factor removed, all sessions ended.")
        if link is not None:
            self.stdout.write(links.absolute(links.enrolment_path(link)))
