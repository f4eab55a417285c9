"""Entries of two cases that would say the same thing twice once the cases are one."""

from django.utils import timezone

from cpor_cases.actions.merge_plan import MergePlan
from cpor_cases.intake.text_meaning import meaning
from cpor_cases.models import ProgressEntry


def lookalikes(plan: MergePlan) -> list[list[ProgressEntry]]:
    """Return the entries that look alike, in groups: of one kind, with one hearing, or else with one day and the same words.

    Entries of the case that stays which looked alike before are its own affair.
    """
    groups: dict[tuple, list[ProgressEntry]] = {}
    for entry in plan.entries:
        if entry.withdrawn_at is None:
            groups.setdefault(_what_it_says(entry), []).append(entry)
    moving = {entry.pk for entry in plan.moving_entries}
    return [alike for alike in groups.values() if len(alike) > 1 and moving & {entry.pk for entry in alike}]


def _what_it_says(entry: ProgressEntry) -> tuple:
    if entry.hearing_at:
        return entry.kind_id, entry.hearing_at
    return entry.kind_id, timezone.localdate(entry.recorded_at), meaning(entry.detail)
