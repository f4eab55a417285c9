"""What a litigant does with the cases they may see."""

import datetime as dt
from collections.abc import Iterable
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cpor_cases.models import Case, CaseAccess, CourtLogEntry
from cpor_cases.models.log_facts import actor_facts, nameless_title_of


@transaction.atomic
def record_look(accesses: Iterable[CaseAccess], *, by, opened: bool, now: dt.datetime | None = None) -> None:
    """Put on record that a person looked at these cases (law of the house, 9), in two statements however many.

    What is new in a case is so until it is `opened`: a glance at the list does not make it old. The accesses in hand
    keep the time of the look before, so that the page can still say what is new.
    """
    now, looked_at = now or timezone.now(), list(accesses)
    actor = actor_facts(by)
    content_type, look = ContentType.objects.get_for_model(Case), uuid4()
    CourtLogEntry.objects.bulk_create(
        CourtLogEntry(
            content_type=content_type,
            object_id=str(access.case_id),
            label=nameless_title_of(access),
            court_id=access.case.court_id,
            action="cpor_cases.case.view",
            **actor,
            timestamp=now,
            uuid=look,
            deleted=False,
        )
        for access in looked_at
    )
    if opened:
        CaseAccess.objects.filter(pk__in=[access.pk for access in looked_at]).update(last_seen_at=now)


def mark_all_seen(account, *, until: dt.datetime, now: dt.datetime | None = None) -> None:
    """Let what came up to `until`, when the page was made, be news no more; what came later stays news."""
    until = min(until, now or timezone.now())
    unseen = CaseAccess.objects.visible_to(account).filter(Q(last_seen_at=None) | Q(last_seen_at__lt=until))
    unseen.update(last_seen_at=until)


def keep_own_words(access: CaseAccess, *, own_name: str, note: str) -> None:
    """Keep a person's own short name of a case and their note on it: private, and in no log."""
    CaseAccess.objects.filter(pk=access.pk).update(own_name=own_name, note=note)
