"""Which courts and months a report counts."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from django.db.models import Case as Choose
from django.db.models import (
    DateField,
    F,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from cpor_core.models.courts import CourtQuerySet

ONE_MONTH = relativedelta(months=1)


class By(StrEnum):
    """What a row of a report stands for."""

    MONTH = "month"
    COURT = "court"


@dataclass(frozen=True)
class Scope:
    """Which courts, from which month up to which (their first days), and what a row stands for."""

    courts: CourtQuerySet
    first: dt.date
    last: dt.date
    by: By = By.MONTH

    @property
    def months(self) -> list[dt.date]:
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return [self.first + relativedelta(months=number) for number in range(count)]

    @property
    def start(self) -> dt.datetime:
        return _midnight(self.first)

    @property
    def end(self) -> dt.datetime:
        return _midnight(self.last + ONE_MONTH)

    def within(self, rows: QuerySet, moment: str) -> QuerySet:
        """Return the `rows` of these courts and months, annotated with the `key` of the report's row."""
        key = self._month_of(moment) if self.by == By.MONTH else F("court_id")
        period = {f"{moment}__gte": self.start, f"{moment}__lt": self.end}
        return rows.filter(court__in=self.courts.as_keys(), **period).annotate(key=key).order_by()

    def _month_of(self, moment: str) -> Choose:
        """The month a moment lies in, by comparison alone: SQLite has no time zones, and Django's own function would call
        Python for every row."""
        latest_first = reversed(self.months)
        begins = (When(**{f"{moment}__gte": _midnight(month)}, then=Value(month)) for month in latest_first)
        return Choose(*begins, output_field=DateField())


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
