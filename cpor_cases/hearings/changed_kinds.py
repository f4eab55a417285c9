"""What follows for hearings when editors change what a kind of progress entry does to them."""

from django.db.models import Q
from django.db.models.signals import post_save, pre_save

from cpor_cases.models import Case, ProgressEntry
from cpor_core.models import ProgressKind
from cpor_core.roc_dates import start_of_day

from .unclear import keep_unclear

CASES_AT_ONCE = 500


def connect() -> None:
    """Receive the changes, whichever form or command saves a kind."""
    pre_save.connect(_note_former_effect, sender=ProgressKind, dispatch_uid="cpor_cases.former_effect")
    post_save.connect(_follow, sender=ProgressKind, dispatch_uid="cpor_cases.changed_kinds")


def _note_former_effect(*, instance, raw, **_signal) -> None:
    former = None if raw else ProgressKind.objects.filter(pk=instance.pk).first()
    instance.has_new_effect = former is not None and former.hearing_effect != instance.hearing_effect


def _follow(*, instance, **_signal) -> None:
    """Recompute in which cases with such an entry it is unclear which hearing was moved or called off.

    Everything else that is said of hearings is read from the entries each time.
    """
    if instance.has_new_effect:
        cases = _cases_with(instance)
        for start in range(0, len(cases), CASES_AT_ONCE):
            keep_unclear(cases[start : start + CASES_AT_ONCE])


def _cases_with(kind: ProgressKind) -> list[int]:
    """Return the cases with an entry of the kind and a hearing ahead, and those in which it was unclear until now."""
    standing = ProgressEntry.objects.standing().order_by()
    ahead = standing.filter(hearing_at__gte=start_of_day()).values("case")
    concerned = Case.objects.filter(Q(pk__in=ahead) | Q(unclear_until__isnull=False))
    return list(
        concerned.filter(pk__in=standing.filter(kind=kind).values("case")).values_list("pk", flat=True)
    )
