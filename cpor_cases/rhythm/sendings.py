"""When courts sent data: files and calls of the interface, unchanged ones too. What a clerk types is no sending."""

import datetime as dt

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from cpor_cases.models import ImportRun, ProgressEntry
from cpor_core.models import Court

State = ImportRun.State
TAKEN = (State.DONE,)
COME = (State.WAITING, State.RUNNING, State.DONE)
"""What waits for a worker has come. What was aborted has not: it is to be sent again."""


def sendings(states: tuple[State, ...] = COME) -> QuerySet[ImportRun]:
    return ImportRun.objects.of_files().filter(state__in=states)


def moments_of(court: int, since: dt.datetime, states: tuple[State, ...] = COME) -> list[dt.datetime]:
    """Return when the court sent since a moment, in order: files of its own, and of several courts with an entry of it."""
    recent = sendings(states).filter(started_at__gte=since)
    own = recent.filter(court=court).order_by()
    among = recent.filter(_has_entry_of(court), court=None).order_by()
    return sorted([*own.values_list("started_at", flat=True), *among.values_list("started_at", flat=True)])


def _has_entry_of(court: int) -> Exists:
    return Exists(ProgressEntry.objects.filter(court=court, changed_in=OuterRef("pk")))


def latest_of(courts: list[int], since: dt.datetime) -> dict[int, dt.datetime]:
    """Return when each court last sent a file of its own since a moment; in one query."""
    recent = sendings().filter(court__in=courts, started_at__gte=since).order_by()
    return dict(recent.values_list("court").annotate(at=Max("started_at")))


def local_moments_of(court: Court, since: dt.datetime) -> list[dt.datetime]:
    """Return the same in Taipei's time, without a zone: what a rhythm is learnt from."""
    return [timezone.make_naive(at) for at in moments_of(court.pk, since, TAKEN)]
