from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from cpor_cases.actions import secret_rotation
from cpor_cases.mail import check_codes


class Command(BaseCommand):
    help = "Encrypts stored secrets with the present SECRET_KEY, so that SECRET_KEY_FALLBACKS can be emptied."

    def handle(self, *args, **options) -> None:
        rotation = secret_rotation.rotate()
        self.stdout.write(f"{rotation.done} authenticator apps and sets of recovery codes re-encrypted")
        if settings.SECRET_KEY_FALLBACKS:
            keys = ",".join(map(check_codes.derived_key, settings.SECRET_KEY_FALLBACKS))
            self.stdout.write(
                "Before you empty SECRET_KEY_FALLBACKS: add to CHECK_CODE_KEYS what reads the check codes in mails of before,"
                f" unless others know the old key:\nCHECK_CODE_KEYS={keys}"
            )
        if rotation.unreadable:
            names = get_user_model().objects.filter(pk__in=rotation.unreadable).order_by("username")
            raise CommandError(
                "No key in SECRET_KEY or SECRET_KEY_FALLBACKS reads the secrets of these accounts. Add the key they"
                " were made with, or run manage.py reset_second_factor for each: "
                + ", ".join(names.values_list("username", flat=True))
            )
