"""Cases in which it is unclear which of several hearings was moved or called off: kept with the case, as few are, so that
the clerk's first page goes through no others."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from cpor_cases.models import Case, ProgressEntry
from cpor_cases.models.progress_entries import ProgressEntryQuerySet
from cpor_core.models.progress_kinds import CHANGES_OF_HEARINGS
from cpor_core.roc_dates import start_of_day

from .of_cases import of_cases


def keep_unclear(cases: Iterable[int]) -> None:
    """Recompute for each case the last of the hearings that an entry may have moved or called off without saying which.

    Every action calls it that adds or changes an entry about a hearing.
    """
    cases = list(cases)
    if not cases:
        return
    until = unclear_untils(cases)
    known = Case.objects.filter(Q(pk__in=until) | Q(pk__in=cases, unclear_until__isnull=False))
    outdated = [case for case in known.only("unclear_until") if case.unclear_until != until.get(case.pk)]
    for case in outdated:
        case.unclear_until = until.get(case.pk)
    Case.objects.bulk_update(outdated, ["unclear_until"], batch_size=200)


def unclear_untils(cases: Iterable[int]) -> dict[int, dt.datetime]:
    """Return the last of those hearings, of each case in which it is unclear which is meant."""
    changes = ProgressEntry.objects.standing().filter(kind__hearing_effect__in=CHANGES_OF_HEARINGS)
    changed = set(changes.filter(case__in=cases).order_by().values_list("case", flat=True))
    until: dict[int, dt.datetime] = {}
    for key, found in (of_cases(changed) if changed else {}).items():
        if candidates := [at for mention in found.mentions.values() for at in mention.candidates]:
            until[key] = max(candidates)
    return until


def unclear_entries(entries: ProgressEntryQuerySet) -> ProgressEntryQuerySet:
    """Return those of some entries of which it is unclear which hearing, still ahead, they moved or called off."""
    own = entries.filter(
        case__unclear_until__gte=start_of_day(), kind__hearing_effect__in=CHANGES_OF_HEARINGS
    )
    found = of_cases(set(own.order_by().values_list("case", flat=True)))
    return entries.filter(pk__in=[pk for of_case in found.values() for pk in of_case.unclear])
