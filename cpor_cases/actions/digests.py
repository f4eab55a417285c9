"""Daily digests: the announcements that wait for a person's chosen hour become one mail."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from cpor_cases.mail import notifications
from cpor_cases.models import Announcement

PEOPLE = 200  # in one transaction


def post_due(now: dt.datetime | None = None) -> int:
    """Post the digests that are due and return how many.

    A missed tick is made up for by the next one. Two at the same moment post each digest once: the mail and its
    announcements are written in one transaction, under a lock on the person.
    """
    now, written = now or timezone.now(), 0
    while batch := _post_batch(now):
        written += batch
    return written


@transaction.atomic
def _post_batch(now: dt.datetime) -> int:
    due = Announcement.objects.due(now)
    people = get_user_model().objects.filter(pk__in=due.values("access__account")).order_by("pk")
    locked = people.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)
    mine = due.filter(access__account__in=list(locked[:PEOPLE]))
    mine = mine.select_related("access__account__litigant", "access__case", "run")
    return len(notifications.digests(mine.order_by("pk")))
