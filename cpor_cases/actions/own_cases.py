"""What a litigant does with the cases they may see."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from cpor_cases.models import CaseAccess


def mark_all_seen(account, *, until: dt.datetime, now: dt.datetime | None = None) -> None:
    """Mark what came up to `until`, when the page was made, as seen; what came later stays news."""
    until = min(until, now or timezone.now())
    unseen = CaseAccess.objects.visible_to(account).filter(Q(last_seen_at=None) | Q(last_seen_at__lt=until))
    unseen.update(last_seen_at=until)


def keep_own_words(access: CaseAccess, *, own_name: str, note: str) -> None:
    """Store a person's own short name of a case and their note on it: private, and in no log."""
    CaseAccess.objects.filter(pk=access.pk).update(own_name=own_name, note=note)
