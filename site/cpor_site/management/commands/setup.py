"""Bring a site up to date, new or upgraded, and give a new one its first superuser."""

import os
import sys

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cpor_site.set_up import bring_up_to_date

NAME, EMAIL, PASSWORD = "DJANGO_SUPERUSER_USERNAME", "DJANGO_SUPERUSER_EMAIL", "DJANGO_SUPERUSER_PASSWORD"


class Command(BaseCommand):
    help = (
        "Brings database, reference data, starter content and static files up to date; makes the first superuser. "
        "Safe to repeat: after each upgrade, on one machine."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--superuser", metavar="NAME", help=f"of the first superuser (or {NAME})")
        parser.add_argument("--email", metavar="ADDRESS", help=f"of the first superuser (or {EMAIL})")
        parser.add_argument("--no-static", action="store_true", help="leave the static files as they are")

    def handle(self, *args, superuser: str | None, email: str | None, no_static: bool, **options) -> None:
        bring_up_to_date(self._say, with_static=not no_static)
        if get_user_model().objects.filter(is_superuser=True).exists():
            return
        name, address = superuser or os.environ.get(NAME), email or os.environ.get(EMAIL)
        if sys.stdin.isatty():
            call_command("createsuperuser", username=name, email=address, stdout=self.stdout)
        elif name and address and os.environ.get(PASSWORD):
            require_good_password(os.environ[PASSWORD], name=name, email=address)
            call_command(
                "createsuperuser", interactive=False, username=name, email=address, stdout=self.stdout
            )
        else:
            self._say(
                f"  There is no superuser yet: python manage.py createsuperuser, or this with {NAME}, {EMAIL}, {PASSWORD}."
            )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def require_good_password(password: str, *, name: str, email: str) -> None:
    """Hold the password to the same rules as everybody's: `createsuperuser` takes any that is not typed."""
    try:
        validate_password(password, get_user_model()(username=name, email=email))
    except ValidationError as error:
        raise CommandError(f"{PASSWORD}: {' '.join(error.messages)}") from error
