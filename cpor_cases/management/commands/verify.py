from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cpor_cases.self_check import run
from cpor_cases.self_check.check import MOST_KEYS, Fault
from cpor_cases.self_check.checks import CHECKS

SOMETHING_IS_WRONG = 3
KEYS_SHOWN = 20


class Command(BaseCommand):
    help = "Checks that the record agrees with itself, and changes nothing. Exits 3 if something is wrong."
    exit_codes = {SOMETHING_IS_WRONG: "something is wrong; it says what, and what to do"}

    def handle(self, *args, **options) -> None:
        found = run.verify()
        for fault in found:
            self._say(fault)
        checked = ngettext("%(count)d check carried out.", "%(count)d checks carried out.", len(CHECKS))
        self.stdout.write(checked % {"count": len(CHECKS)})
        if found:
            raise SystemExit(SOMETHING_IS_WRONG)

    def _say(self, fault: Fault) -> None:
        check = run.known(fault.code)
        if check is None:
            self.stdout.write(_("A check could not be carried out: the log says why."))
            return
        keys = ", ".join(map(str, fault.keys[:KEYS_SHOWN]))
        more = "" if len(fault.keys) <= KEYS_SHOWN else " …"
        count = f"{MOST_KEYS:,}+" if len(fault.keys) >= MOST_KEYS else f"{len(fault.keys)}"
        self.stdout.write(f"{fault.code}: {count} ({check.of.__name__} {keys}{more})")
        self.stdout.write(f"    {check.says}\n    {check.do}")
