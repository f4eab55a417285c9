"""How much of what courts usually send came in time, by court and month: counted when each day is over."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from cpor_cases.models import SendingDay


class Share(NamedTuple):
    """Of a court, by its key, in a month: how many sendings were expected, and how many came in time."""

    court: int
    month: dt.date
    expected: int
    on_time: int

    @property
    def percent(self) -> float:
        return 100 * self.on_time / self.expected


def shares_on_time(first_month: dt.date, last_month: dt.date) -> list[Share]:
    """Return the shares of each court in these months, both of them included, in one query.

    Courts and months without an expected sending are left out: of a court without a rhythm nothing can be said.
    """
    after = (last_month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    days = SendingDay.objects.filter(day__gte=first_month.replace(day=1), day__lt=after, expected__gt=0)
    rows = days.values(month=TruncMonth("day")).annotate(of_all=Sum("expected"), in_time=Sum("on_time"))
    found = rows.order_by("court", "month").values_list("court", "month", "of_all", "in_time")
    return [Share(*row) for row in found]
