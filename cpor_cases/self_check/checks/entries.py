"""Entries are published when their hold is over, in an order of moments that can be, and people are reminded of hearings."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cpor_cases.actions import reminders
from cpor_cases.models import CaseAccess, ProgressEntry
from cpor_cases.self_check.check import check

HOUR = dt.timedelta(hours=1)


@check(
    "entry_on_hold",
    of=ProgressEntry,
    says=_("An entry is on hold although the hold has been over for an hour: nobody sees it."),
    do=_(
        "See whether the worker runs (WorkerGone in docs/runbook.md); a clerk can publish the entry at once."
    ),
)
def on_hold(now):
    return ProgressEntry.objects.on_hold().filter(held_until__lt=now - HOUR)


@check(
    "entry_out_of_order",
    of=ProgressEntry,
    says=_("An entry was corrected or withdrawn before it was received."),
    do=_("See whether a clock was set back; otherwise report it."),
)
def out_of_order(now):
    return ProgressEntry.objects.filter(
        Q(corrected_at__lt=F("first_seen_at")) | Q(withdrawn_at__lt=F("first_seen_at"))
    )


@check(
    "reminder_missing",
    of=CaseAccess,
    says=_("A hearing is near, and a person who wants to be reminded was not, though a day for it is over."),
    do=_("See whether the worker runs (WorkerGone in docs/runbook.md); then report it."),
)
def reminder_missing(now) -> Iterator[int]:
    yield from {access.pk for access in reminders.missed(now)}


CHECKS = (on_hold, out_of_order, reminder_missing)
