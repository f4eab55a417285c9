from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from cpor_cases.actions import secret_rotation


class Command(BaseCommand):
    help = "Encrypts stored secrets with the present SECRET_KEY, so that SECRET_KEY_FALLBACKS can be emptied."

    def handle(self, *args, **options) -> None:
        rotation = secret_rotation.rotate()
        self.stdout.write(f"{rotation.done} authenticator apps and sets of recovery codes re-encrypted")
        if rotation.unreadable:
            names = get_user_model().objects.filter(pk__in=rotation.unreadable).order_by("username")
            raise CommandError(
                "No key in SECRET_KEY or SECRET_KEY_FALLBACKS reads the secrets of these accounts. Add the key they"
                " were made with, or run manage.py reset_second_factor for each: "
                + ", ".join(names.values_list("username", flat=True))
            )
