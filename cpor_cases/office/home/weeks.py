"""The panel with the applications and mails of the last weeks."""

import datetime as dt
from itertools import pairwise

from django.core.cache import cache
from django.db import models
from django.db.models import Case, Count, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.admin.ui.components import Component

from cpor_cases.models import (
    Application,
    OutgoingMail,
)
from cpor_core.models import Court
from cpor_core.office.charts import BarChart, Series

WEEKS_SHOWN = 8
# The figures of a week hardly change once it has been over for a week; counting all weeks for each page would take
# longer than the rest of it together (50,000 applications: 1 s on SQLite).
OPEN_WEEKS = 2
FIVE_MINUTES, A_DAY = 5 * 60, 24 * 60 * 60
Figures = dict[str, list[int]]


class WeeksPanel(Component):
    """Applications and mails of the last weeks, each as a chart and as a table. The figures are minutes old."""

    name = "weeks"
    order = 60
    template_name = "cpor_cases/office/home/weeks.html"

    def __init__(self, clerk):
        self.clerk = clerk

    def get_context_data(self, parent_context):
        return {"charts": [self.applications(), self.mails()]}

    def applications(self) -> BarChart:
        series = [
            Series(_("Applications received"), self.points("received")),
            Series(_("Applications decided"), self.points("decided")),
        ]
        return BarChart(_("Applications by week"), _("Week from"), series)

    def mails(self) -> BarChart:
        series = [
            Series(pgettext("mail", "sent"), self.points("sent")),
            Series(_("could not be delivered"), self.points("failed")),
        ]
        return BarChart(_("Emails by week"), _("Week from"), series)

    def points(self, name: str) -> list[tuple[str, int]]:
        return [
            (f"{monday:%m/%d}", count) for monday, count in zip(self.mondays, self.figures[name], strict=True)
        ]

    @cached_property
    def mondays(self) -> list[dt.date]:
        today = timezone.localdate()
        this_monday = today - dt.timedelta(days=today.weekday())
        return [this_monday - dt.timedelta(weeks=week) for week in reversed(range(WEEKS_SHOWN))]

    @cached_property
    def figures(self) -> Figures:
        """How many rows of each kind fall in each of the weeks."""
        courts = "-".join(map(str, Court.objects.keys_for_clerk(self.clerk)))
        key = f"office.weeks:{courts}:{self.mondays[-1]}"
        known: Figures | None = cache.get(key)
        if known is None:
            known = self._joined(f"{key}:over")
            cache.set(key, known, FIVE_MINUTES)
        return known

    def _joined(self, key_of_closed: str) -> Figures:
        closed: Figures | None = cache.get(key_of_closed)
        if closed is None:
            closed = self.count(self.mondays[:-OPEN_WEEKS])
            cache.set(key_of_closed, closed, A_DAY)
        still_open = self.count(self.mondays[-OPEN_WEEKS:])
        return {name: [*counts, *still_open[name]] for name, counts in closed.items()}

    def count(self, mondays: list[dt.date]) -> Figures:
        applications = Application.objects.for_clerk(self.clerk)
        mails = OutgoingMail.objects.for_clerk(self.clerk)
        return {
            "received": by_week(applications, "received_on", mondays),
            "decided": by_week(applications, "decided_at", mondays),
            "sent": by_week(mails.filter(state=OutgoingMail.State.SENT), "ended_at", mondays),
            "failed": by_week(mails.filter(state=OutgoingMail.State.FAILED), "ended_at", mondays),
        }


def by_week(rows, field_name: str, mondays: list[dt.date]) -> list[int]:
    """Return how many rows fall in each of the weeks that begin on these Mondays, one after the other, in one query."""
    edges: list[dt.date] = [*mondays, mondays[-1] + dt.timedelta(weeks=1)]
    if isinstance(rows.model._meta.get_field(field_name), models.DateTimeField):
        edges = [timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in edges]
    # Comparisons, not TruncWeek, for which SQLite calls a Python function; and no key is counted, so that an index
    # without one is enough.
    weeks = {
        f"week_{place}": Count(Case(When(**{f"{field_name}__gte": start, f"{field_name}__lt": end}, then=1)))
        for place, (start, end) in enumerate(pairwise(edges))
    }
    of_all = {f"{field_name}__gte": edges[0], f"{field_name}__lt": edges[-1]}
    counted = rows.filter(**of_all).order_by().aggregate(**weeks)
    return [counted[name] for name in weeks]
