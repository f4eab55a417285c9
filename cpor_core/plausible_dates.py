"""The range of plausible days for each kind of date in a case. Dates outside are mistakes and are rejected.

Typical mistakes are a wrong digit in the year (1115, 26, 2206), a date of one calendar read as the other's, and the earliest
or latest date that a program knows. On record such a date would stay at the top of every list. The same range holds for
every source; days are those of Taipei.
"""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from .reasons import Unfit

YEARS_TO_A_HEARING = 3
FIRST_OPEN_WORD = dt.date(2000, 1, 1)  # no court offered the service before that
YEARS_TO_AN_OPEN_WORD = 10


class Days:
    """The days, both included, on which something may be in a case of a year of the Republic."""

    def __init__(self, case_year: int, first: dt.date, last: dt.date):
        self.case_year, self.first, self.last = case_year, first, last
        # As moments: comparing those takes a tenth of moving each moment to Taipei.
        self._start, self._end = (_midnight(day) for day in (first, last + dt.timedelta(days=1)))

    def require(self, day: dt.date) -> None:
        """Raise Unfit if the day is none of these."""
        if self.first <= day <= self.last:
            return
        if self.first > self.last:
            raise Unfit("case_year_not_come", year=self.case_year)
        raise Unfit(
            "date_implausible",
            day=str(day),
            year=self.case_year,
            first=str(self.first),
            last=str(self.last),
        )

    def require_moment(self, moment: dt.datetime) -> None:
        """The same of the day in Taipei on which a moment lies."""
        if not self._start <= moment < self._end:
            self.require(timezone.localdate(moment))


def of_entry(case_year: int, today: dt.date | None = None) -> Days:
    """Return the days of which an entry may be: from 1 January of the year before the case's to tomorrow."""
    return Days(case_year, _first(case_year), _today(today) + dt.timedelta(days=1))


def of_hearing(case_year: int, today: dt.date | None = None) -> Days:
    """Return the days of which a hearing may be: as an entry, and a few years ahead."""
    return Days(case_year, _first(case_year), _today(today) + relativedelta(years=YEARS_TO_A_HEARING))


def of_receipt(case_year: int, today: dt.date | None = None) -> Days:
    """Return the days on which an application may have been received: from 1 January of the year before the case's to today."""
    return Days(case_year, _first(case_year), _today(today))


def of_open_word(today: dt.date | None = None) -> tuple[dt.date, dt.date]:
    """Return the first and the last day on which a case word may begin or cease to be open to queries."""
    return FIRST_OPEN_WORD, _today(today) + relativedelta(years=YEARS_TO_AN_OPEN_WORD)


def _first(case_year: int) -> dt.date:
    return dt.date(case_year + 1911 - 1, 1, 1)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _today(today: dt.date | None) -> dt.date:
    return today or timezone.localdate()
