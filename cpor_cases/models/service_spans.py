"""When the service was open: spans of time in which one of its workers ran and reached the database."""

import datetime as dt
from itertools import pairwise
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Spans(NamedTuple):
    """All of them, the first one first: one for each time the service was closed, and one more."""

    spans: list[tuple[dt.datetime, dt.datetime]]

    def closed_seconds(self, first: dt.datetime, end: dt.datetime) -> float | None:
        """Return for how long the service was closed from `first` until `end`; None if it was not yet there.

        What lies between two spans was closed. After the last one nothing is known yet.
        """
        if not self.spans or self.spans[0][0] >= end:
            return None
        gaps = ((earlier[1], later[0]) for earlier, later in pairwise(self.spans))
        return sum(
            max(0.0, (min(later, end) - max(earlier, first)).total_seconds()) for earlier, later in gaps
        )


class ServiceSpanQuerySet(models.QuerySet["ServiceSpan"]):
    def spans(self) -> Spans:
        return Spans(list(self.order_by("began_at").values_list("began_at", "ended_at")))


class ServiceSpan(models.Model):
    """A time without a break in which the service was open; the last one grows with each minute."""

    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"))

    objects = ServiceSpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("time in which the service was open")
        verbose_name_plural = _("times in which the service was open")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("began_at")),
                name="service_span_ends_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} – {self.ended_at:%Y-%m-%d %H:%M}"
