"""What a person is told before a hearing: how to find it, when to come, what to bring, what if they cannot come."""

from collections.abc import Iterable

from cpor_cases.models import Case, ProgressEntry
from cpor_core.models import HearingAdvice
from cpor_core.models.hearing_advice import advice_for

from .standing import CaseHearings


def kinds_of_hearings(cases: Iterable[CaseHearings]) -> dict[int, list[int]]:
    """Return, by the key of each hearing to come, the kinds of the entries that tell of it, the latest first."""
    hearings = [hearing for of_case in cases for hearing in of_case.to_come()]
    entries = ProgressEntry.objects.filter(pk__in={pk for hearing in hearings for pk in hearing.entries})
    kinds = dict(entries.values_list("pk", "kind"))
    return {
        hearing.key: [kinds[pk] for pk in sorted(hearing.entries, reverse=True) if pk in kinds]
        for hearing in hearings
    }


def before_next_hearing(case: Case) -> dict:
    """Return the parts of the advice on the next hearing of a case that came with its `hearings`, and its court; nothing if
    there is no hearing to come."""
    if case.hearings.next is None:
        return {}
    kinds = kinds_of_hearings([case.hearings])[case.hearings.next.key]
    rows = HearingAdvice.objects.of_courts([case.court_id])
    return advice_for(rows, court=case.court_id, kinds=kinds) | {"court": case.court}
