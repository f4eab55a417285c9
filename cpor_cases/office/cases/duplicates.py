"""Entries of two cases that would be duplicates once the cases are merged."""

from django.utils import timezone

from cpor_cases.actions.merge_plan import MergePlan
from cpor_cases.intake.text_meaning import meaning
from cpor_cases.models import ProgressEntry


def duplicate_groups(plan: MergePlan) -> list[list[ProgressEntry]]:
    """Return groups of entries that may be duplicates: of one kind and hearing, or else of one kind, day and text.

    Groups that the merge does not change, all of whose entries belong to the kept case, are left out.
    """
    groups: dict[tuple, list[ProgressEntry]] = {}
    for entry in plan.entries:
        if entry.withdrawn_at is None:
            groups.setdefault(_content_key(entry), []).append(entry)
    moving = {entry.pk for entry in plan.moving_entries}
    return [group for group in groups.values() if len(group) > 1 and moving & {entry.pk for entry in group}]


def _content_key(entry: ProgressEntry) -> tuple:
    if entry.hearing_at:
        return entry.kind_id, entry.hearing_at
    return entry.kind_id, timezone.localdate(entry.recorded_at), meaning(entry.detail)
