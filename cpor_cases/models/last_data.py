"""When courts last sent data."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.db.models.functions import Coalesce, Greatest, NullIf
from django.utils import timezone

from cpor_core import content_version
from cpor_core.models.courts import Court
from cpor_core.punctuation import listed

from .court_delays import CourtDelay
from .import_runs import ImportRun, ImportRunQuerySet
from .progress_entries import ProgressEntry

FAILURES_TOLD_FOR = dt.timedelta(days=31)


def with_last_data(courts: models.QuerySet[Court]) -> models.QuerySet[Court]:
    """Bring when each court last sent data, in `last_data_at`: a file or a call that was taken whole, of the court's
    own or of several courts with an entry of this one. What a clerk typed says nothing of the court's system.

    And what qualifies it: by when data that is late should have come, in `late_since`, and when something was sent whose
    import was aborted and that has not been taken since, in `failed_at`.
    """
    return courts.annotate(
        last_data_at=_last_data(),
        late_since=models.Subquery(
            CourtDelay.objects.going_on().filter(court=models.OuterRef("pk")).values("usual_at")[:1]
        ),
        failed_at=models.Subquery(_failures().values("started_at")[:1]),
    )


def _last_data() -> NullIf:
    taken = ImportRun.objects.of_files().filter(state=ImportRun.State.DONE)
    own = taken.filter(court=models.OuterRef("pk")).order_by("-ended_at").values("ended_at")[:1]
    among = taken.filter(
        models.Exists(
            ProgressEntry.objects.filter(
                court=models.OuterRef(models.OuterRef("pk")), changed_in=models.OuterRef("pk")
            )
        ),
        court=None,
    )
    several = among.order_by("-ended_at").values("ended_at")[:1]
    long_ago = models.Value(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), output_field=models.DateTimeField())
    latest = Greatest(Coalesce(models.Subquery(own), long_ago), Coalesce(models.Subquery(several), long_ago))
    return NullIf(latest, long_ago)


def _failures() -> ImportRunQuerySet:
    lately = timezone.now() - FAILURES_TOLD_FOR
    failed = ImportRun.objects.of_files().to_repair().filter(state=ImportRun.State.ABORTED)
    return failed.filter(court=models.OuterRef("pk"), started_at__gte=lately).order_by("-started_at")


class LastData(NamedTuple):
    """When courts last sent data, to the minute, and what qualifies it; None for what is not so."""

    name: str
    last_data_at: dt.datetime | None
    late_since: dt.datetime | None = None
    failed_at: dt.datetime | None = None


def states_of_data() -> dict[int, LastData]:
    """Return how the data of each court stands, by its key, as known half a minute ago at most: it is the same for everybody."""
    return content_version.cached("last_data", _states, seconds=30)


def _states() -> dict[int, LastData]:
    facts = ("last_data_at", "late_since", "failed_at")
    rows = with_last_data(Court.objects.all()).values_list("pk", *facts)
    return {key: LastData("", *values) for key, *values in rows}


def by_minute(courts: Iterable[Court]) -> list[LastData]:
    """Return when these courts last sent data: those of one minute, as of one file, together if nothing is amiss."""
    states = states_of_data()
    found: dict[object, tuple[LastData, list[str]]] = {}
    for court in courts:
        state = states.get(court.pk, LastData("", None))
        if at := state.last_data_at:
            state = state._replace(last_data_at=at.replace(second=0, microsecond=0))
        is_alone = at is None or state.late_since or state.failed_at
        found.setdefault(court.pk if is_alone else state, (state, []))[1].append(court.name)
    return [state._replace(name=listed(names)) for state, names in found.values()]
