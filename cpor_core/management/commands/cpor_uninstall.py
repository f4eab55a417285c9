from django.core.management.base import BaseCommand, CommandError

from cpor_core import uninstall


class Command(BaseCommand):
    help = "Takes the service out of the site: says what goes and what stays, and does it with --yes alone."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--yes", action="store_true", help="do it; without it nothing is changed")

    def handle(self, *args, **options) -> None:
        try:
            plan = uninstall.plan()
        except uninstall.Refused as refused:
            raise CommandError(str(refused)) from None
        for words, lines in (("Goes", plan.goes), ("Stays", plan.stays)):
            for line in lines:
                self.stdout.write(f"{words}: {line}")
        if not options["yes"]:
            self.stdout.write("Nothing was changed. Back up the database, then say --yes.")
            return
        uninstall.carry_out()
        self.stdout.write("Done. Remove the apps, their middleware and addresses from the settings.")
