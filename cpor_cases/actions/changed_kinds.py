"""What follows for the cases when editors change what a kind of progress entry does to the query period or to hearings.

The kind is noted in the transaction that changes it. A worker recomputes the cases with such an entry, some at a time, and
the clock finds what was left undone.
"""

from django.db import transaction
from django.db.models.signals import post_save, pre_save
from huey.contrib.djhuey import db_task

from cpor_cases.hearings.unclear import keep_unclear
from cpor_cases.models import Case, ChangedKind, ProgressEntry
from cpor_cases.query_period import keep_closing_days
from cpor_core.models import Court, ProgressKind
from cpor_core.task_queue import enqueue_on_commit

CASES_AT_ONCE = 500
EFFECTS = ("hearing_effect", "ends_query", "resumes_query")


def connect() -> None:
    """Receive the changes, whichever form or command saves a kind."""
    pre_save.connect(_compare_with_former, sender=ProgressKind, dispatch_uid="cpor_cases.former_effects")
    post_save.connect(_note_change, sender=ProgressKind, dispatch_uid="cpor_cases.changed_kinds")


def _compare_with_former(*, instance, raw, **_signal) -> None:
    former = None if raw else ProgressKind.objects.filter(pk=instance.pk).first()
    instance.has_new_effect = former is not None and _effects(former) != _effects(instance)


def _effects(kind: ProgressKind) -> list:
    return [getattr(kind, name) for name in EFFECTS]


def _note_change(*, instance, **_signal) -> None:
    if instance.has_new_effect:
        # Also if it is noted already: what was recomputed so far went by another effect.
        ChangedKind.objects.update_or_create(kind=instance, defaults={"done_until": 0})
        enqueue_on_commit(follow)


@db_task()
def follow() -> None:
    """Recompute the cases with an entry of a kind that was changed, until none is left to recompute."""
    for changed in ChangedKind.objects.order_by("pk"):
        while _recompute_some(changed.pk):
            pass


@transaction.atomic
def _recompute_some(key: int) -> bool:
    """Recompute the next cases of a changed kind; return whether there are more.

    The row is locked: a second worker waits, and then goes on with the cases after these. The courts are locked as an import
    locks them, so that the cases have the entries that they are computed from.
    """
    changed = ChangedKind.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if changed is None:
        return False
    entries = ProgressEntry.objects.filter(kind=changed.kind_id, case__gt=changed.done_until)
    some = entries.order_by("case").values_list("case", flat=True).distinct()
    cases = list(some[:CASES_AT_ONCE])
    if not cases:
        changed.delete()
        return False
    courts = Court.objects.filter(pk__in=Case.objects.filter(pk__in=cases).values("court")).order_by("pk")
    list(courts.select_for_update(no_key=True).values_list("pk"))
    keep_closing_days(cases)
    keep_unclear(cases)
    changed.done_until = cases[-1]
    changed.save(update_fields=["done_until"])
    return True
