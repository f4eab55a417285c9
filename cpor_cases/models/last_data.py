"""When courts last sent data."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.db.models.functions import Coalesce, Greatest, NullIf

from cpor_core import content_version
from cpor_core.models.courts import Court, CourtQuerySet
from cpor_core.punctuation import listed

from .import_runs import ImportRun
from .progress_entries import ProgressEntry


def with_last_data(courts: CourtQuerySet) -> CourtQuerySet:
    """Bring when each court last sent data, in `last_data_at`: a file or a call that was taken whole, of the court's
    own or of several courts with an entry of this one. What a clerk typed says nothing of the court's system."""
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
    return courts.annotate(last_data_at=NullIf(latest, long_ago))


def moments_of_last_data() -> dict[int, dt.datetime | None]:
    """Return when each court last sent data, by its key, as known half a minute ago at most: it is the same for everybody."""
    return content_version.cached("last_data", _moments, seconds=30)


def _moments() -> dict[int, dt.datetime | None]:
    return dict(with_last_data(Court.objects.all()).values_list("pk", "last_data_at"))


class LastData(NamedTuple):
    """When courts last sent data, to the minute; None if they never did."""

    name: str
    last_data_at: dt.datetime | None


def by_minute(courts: Iterable[Court]) -> list[LastData]:
    """Return when these courts last sent data: those of one minute, as of one file, together."""
    moments = moments_of_last_data()
    found: dict[dt.datetime | int, list[str]] = {}
    for court in courts:
        at = moments.get(court.pk)
        found.setdefault(at.replace(second=0, microsecond=0) if at else court.pk, []).append(court.name)
    return [LastData(listed(names), None if isinstance(at, int) else at) for at, names in found.items()]
