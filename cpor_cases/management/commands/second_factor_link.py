from django.core.management.base import BaseCommand, CommandError

from cpor_cases.actions import second_factors
from cpor_cases.mail import links
from cpor_cases.management.account_names import find_account


class Command(BaseCommand):
    help = "Prints the link by which a member of staff sets up the first second factor; it works once, for 24 hours."

    def add_arguments(self, parser) -> None:
        parser.add_argument("user", help="account name or email address")

    def handle(self, *args, user: str, **options) -> None:
        try:
            link = second_factors.issue_link(account=find_account(user), is_mailed=False)
        except second_factors.NotStaff as error:
            raise CommandError(
                "This account does not work in the office: its person needs no link to set up a second factor."
            ) from error
        except second_factors.AlreadySetUp as error:
            raise CommandError(
                "This account has a second factor. If it is lost: manage.py reset_second_factor"
            ) from error
        self.stdout.write(links.absolute(links.enrolment_path(link)))
