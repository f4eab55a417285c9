from django.contrib.auth import get_user_model
from django.contrib.auth.management.commands import createsuperuser
from django.db.models import Max

from cpor_cases.actions import second_factors
from cpor_cases.mail import links


class Command(createsuperuser.Command):
    help = "Makes a superuser, and prints the link by which that person sets up the second factor."

    def handle(self, *args, **options) -> None:
        latest = _superusers().aggregate(Max("pk"))["pk__max"] or 0
        super().handle(*args, **options)
        for account in _superusers().filter(pk__gt=latest):
            link = second_factors.issue_link(account=account, is_mailed=False)
            self.stdout.write(
                f"{account.username} sets up the second factor by this link, within"
                f" 24 hours: {links.absolute(links.enrolment_path(link))}"
            )


def _superusers():
    return get_user_model().objects.filter(is_superuser=True)
