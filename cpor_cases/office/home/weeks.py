"""The panel with the applications and mails of the last weeks."""

import datetime as dt

from django.db import models
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.admin.ui.components import Component

from cpor_cases.models import (
    Application,
    OutgoingMail,
)
from cpor_core.office.charts import BarChart, Series

WEEKS_SHOWN = 8


class WeeksPanel(Component):
    """Applications and mails of the last weeks, each as a chart and as a table."""

    name = "weeks"
    order = 60
    template_name = "cpor_cases/office/home/weeks.html"

    def __init__(self, clerk):
        self.clerk = clerk

    def get_context_data(self, parent_context):
        return {"charts": [self.applications(), self.mails()]}

    def applications(self) -> BarChart:
        rows = Application.objects.for_clerk(self.clerk)
        series = [
            Series(_("Applications received"), by_week(rows, "received_on")),
            Series(_("Applications decided"), by_week(rows, "decided_at")),
        ]
        return BarChart(_("Applications by week"), _("Week from"), series)

    def mails(self) -> BarChart:
        rows = OutgoingMail.objects.for_clerk(self.clerk)
        series = [
            Series(pgettext("mail", "sent"), by_week(rows.filter(state=OutgoingMail.State.SENT), "ended_at")),
            Series(
                _("could not be delivered"), by_week(rows.filter(state=OutgoingMail.State.FAILED), "ended_at")
            ),
        ]
        return BarChart(_("Emails by week"), _("Week from"), series)


def by_week(rows, field_name: str) -> list[tuple[str, int]]:
    """Return how many rows fall in each of the last weeks, by the week's Monday, in one query."""
    today = timezone.localdate()
    this_monday = today - dt.timedelta(days=today.weekday())
    mondays = [this_monday - dt.timedelta(weeks=week) for week in reversed(range(WEEKS_SHOWN))]
    is_moment = isinstance(rows.model._meta.get_field(field_name), models.DateTimeField)
    first = timezone.make_aware(dt.datetime.combine(mondays[0], dt.time())) if is_moment else mondays[0]
    since = rows.filter(**{f"{field_name}__gte": first})
    weeks = since.annotate(week=TruncWeek(field_name, output_field=models.DateField()))
    # Rows, not keys: so that an index which has no key is enough.
    counted = dict(weeks.order_by().values_list("week").annotate(count=models.Count("*")))
    return [(f"{monday:%m/%d}", counted.get(monday, 0)) for monday in mondays]
