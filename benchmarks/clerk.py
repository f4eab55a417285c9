"""A clerk in a process of its own, who does in the office what a line of the input says, and answers with the moment it was
committed: nanoseconds of the machine's monotonic clock.

As a process: `python -m benchmarks.clerk`. A line is `typed CASE` or `approved COURT ADDRESS`; keys of rows.
"""

import sys
import time

import django
from django.contrib.auth import get_user_model

CLERK = "clerk-of-the-benchmark"


def typed(case: str) -> None:
    """Type an entry, and send it now instead of after its hold."""
    from cpor_cases.actions import entries
    from cpor_cases.models import Case

    row = {"recorded_at": "2026-11-02", "kind": "judgment", "detail": "typed", "hearing_at": ""}
    entry = entries.record(Case.objects.get(pk=case), row | {"courtroom": ""}, by=_clerk())
    entries.publish_now(entry, by=_clerk())


def approved(court: str, address: str) -> None:
    """Approve the first application of an address, which mails its link to activate an account."""
    from cpor_cases.actions import applications
    from cpor_core.models import Court
    from tests import factories

    court = Court.objects.get(pk=court)
    application = factories.make_application(court, by=_clerk(), email=address)
    applications.approve(application=application, by=_clerk())


def _clerk():
    return get_user_model().objects.get(username=CLERK)


def main() -> None:
    django.setup()
    actions = {"typed": typed, "approved": approved}
    for line in sys.stdin:
        what, *about = line.split()
        actions[what](*about)
        print(time.monotonic_ns(), flush=True)


if __name__ == "__main__":
    main()
