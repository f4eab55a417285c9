"""Which hearings an import moved or called off so shortly before that people must know at once."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from cpor_cases.models import ImportRun, ProgressEntry
from cpor_cases.models.past_entries import attach_past_to
from cpor_core import conf
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS
from cpor_core.roc_dates import start_of_day

from .of_cases import attach_to_entries
from .standing import Mention


def changes_of(run: ImportRun, cases: Iterable[int] | RawSQL) -> list[ProgressEntry]:
    """Return the entries that a run brought or corrected in some cases and by which a hearing is no longer what it was, or
    where it was, each with its `mention` and its `past`."""
    changed = ProgressEntry.objects.announced().filter(
        Q(kind__hearing_effect__in=CHANGES_OF_HEARINGS)
        | Q(corrected_at__isnull=False)
        | Q(withdrawn_at__isnull=False),
        changed_in=run,
        case__in=cases,
    )
    entries = list(changed.select_related("kind"))
    attach_to_entries(entries)
    attach_past_to(entries)
    return [
        entry
        for entry in entries
        if entry.mention and (is_change(entry.mention) or _is_in_another_courtroom(entry))
    ]


def is_change(mention: Mention) -> bool:
    """Whether an entry tells that a hearing is moved or called off, or that it is not after all."""
    return bool(
        mention.is_unclear
        or mention.effect in CHANGES_OF_HEARINGS
        or mention.before
        or mention.is_withdrawn
        or not mention.stands
    )


def _is_in_another_courtroom(entry: ProgressEntry) -> bool:
    """Whether an entry was corrected just now to another courtroom; not to one where it had none."""
    before = entry.past[-1] if entry.past else None
    if before is None or before.replaced_at != entry.corrected_at:
        return False
    return bool(before.courtroom and entry.courtroom) and before.courtroom != entry.courtroom


def urgent_dates(
    run: ImportRun, cases: Iterable[int] | RawSQL, now: dt.datetime | None = None
) -> dict[int, dt.datetime]:
    """Return the cases in which a run changed a hearing of the next days, old date or new, with the first of the dates."""
    now = now or timezone.now()
    first, end = start_of_day(now), start_of_day(now) + dt.timedelta(days=conf.URGENT_HEARING_DAYS + 1)
    found: dict[int, dt.datetime] = {}
    for entry in changes_of(run, cases):
        mention = entry.mention
        dates = [mention.at, mention.before, *mention.candidates] if mention else []
        near = [date for date in dates if date and first <= date < end]
        if near:
            found[entry.case_id] = min([*near, *filter(None, [found.get(entry.case_id)])])
    return found
