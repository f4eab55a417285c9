"""When courts last sent data."""

import datetime as dt

from django.db import models
from django.db.models.functions import Coalesce, Greatest, NullIf

from cpor_core.models.courts import CourtQuerySet

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
