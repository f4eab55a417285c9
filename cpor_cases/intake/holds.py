"""The few minutes in which a slip of a clerk's pen can be taken back.

An entry on hold is on no page and in no mail or calendar of a litigant, and ends no query. The row is the truth: the clock
asks every minute what is due, so that a worker that dies holds nothing back for longer than another needs to look.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from cpor_cases.mail import notifications, outbox
from cpor_cases.models import ImportRun, ProgressEntry
from cpor_cases.query_period import keep_closing_days
from cpor_core.models import Court


def publish_due(now: dt.datetime | None = None) -> int:
    """Publish all whose hold is over and return of how many runs that was."""
    now = now or timezone.now()
    due = ProgressEntry.objects.on_hold().filter(held_until__lte=now)
    runs = ImportRun.objects.filter(pk__in=due.values("changed_in")).order_by("pk")
    return sum(publish(run, now) for run in runs)


@transaction.atomic
def publish(run: ImportRun, now: dt.datetime | None = None) -> bool:
    """Let people see what `run` has on hold and write the mails that tell of it, to whoever may see the case now.

    False if there is nothing left: it was published, corrected (in a run of its own) or taken back meanwhile. The lock
    on the court keeps the deed apart from each of these, so that whatever was seen is never changed in silence.
    """
    now = now or timezone.now()
    held = ProgressEntry.objects.on_hold().filter(changed_in=run)
    courts = Court.objects.filter(pk__in=held.values("court")).order_by("pk")
    list(courts.select_for_update(no_key=True).values_list("pk"))
    cases = set(held.values_list("case", flat=True))
    if not cases:
        return False
    held.update(held_until=None, first_seen_at=now)
    keep_closing_days(cases)
    notifications.progress(run, cases)
    outbox.release_progress_mails(run, now)
    return True


@transaction.atomic
def publish_now(run: ImportRun, now: dt.datetime | None = None) -> bool:
    """Tell people at once of what a run changed, whether it is on hold or its mails alone still wait."""
    now = now or timezone.now()
    return publish(run, now) or outbox.hurry_progress_mails(run, now) > 0
