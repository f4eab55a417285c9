"""The calendar address of a person: made, replaced, switched off."""

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cpor_cases.mail import notifications
from cpor_cases.models import CalendarFeed
from cpor_cases.models.calendar_feeds import hash_of

BYTES_OF_A_KEY = 32
# A calendar program may fetch every few minutes; the page shows the time to within as much.
NOTED_EVERY = dt.timedelta(minutes=5)


@transaction.atomic
def make_address(*, account, title: CalendarFeed.Title, now: dt.datetime | None = None) -> str:
    """Make the account's calendar address, or a new one that voids the old; return its key.

    The key is returned once and never stored. A mail tells the person, in case somebody else did it.
    """
    key = secrets.token_urlsafe(BYTES_OF_A_KEY)
    CalendarFeed.objects.update_or_create(
        account=account,
        defaults={
            "key_hash": hash_of(key),
            "title": title,
            "made_at": now or timezone.now(),
            "last_fetched_at": None,
        },
    )
    notifications.account_notice(account, "calendar_address_made")
    return key


def choose_title(*, account, title: CalendarFeed.Title) -> None:
    """Set how the calendar names each hearing, from its next fetch on."""
    CalendarFeed.objects.filter(account=account).update(title=title)


def switch_off(account) -> None:
    """Delete the account's calendar address."""
    CalendarFeed.objects.filter(account=account).delete()


def note_fetch(feed: CalendarFeed, now: dt.datetime | None = None) -> None:
    """Record when a calendar program last fetched the hearings, to within a few minutes."""
    now = now or timezone.now()
    stale = Q(last_fetched_at=None) | Q(last_fetched_at__lt=now - NOTED_EVERY)
    CalendarFeed.objects.filter(stale, pk=feed.pk).update(last_fetched_at=now)
