"""The record of the service for everybody: the figures on the editors' page, and the same as a file.

The page itself, with its texts, is the editors'; it asks for the figures by `signals.record_asked`.
"""

import math
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views import View

from cpor_cases.models.clarity_counters import Votes
from cpor_core import signals
from cpor_core.office.exports import as_csv
from cpor_core.roc_dates import month_in_both_calendars
from cpor_core.switches import Switched, is_on

from . import record_figures
from .clarity import Quarter
from .record_figures import MonthOfRecord, Promise, Record

SWITCH = "HAS_PUBLIC_STATISTICS"


def tell_record(sender, **_signal) -> dict | None:
    """Answer the public page: its figures, finished, in the active language."""
    if not is_on(SWITCH):
        return None
    figures = render_to_string("cpor_cases/record_figures.html", {"record": record_figures.read()})
    return {"figures": figures, "url": reverse("record_file")}


def connect() -> None:
    signals.record_asked.connect(tell_record, dispatch_uid="cpor_cases.record")


class RecordFileView(Switched, View):
    """The same figures as a file for spreadsheets; what is hidden on the page has an empty cell."""

    switch = SWITCH
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        record = record_figures.read()
        rows = [
            *_rows_of_months(record.months),
            *_rows_of_courts(record),
            *_rows_of_quarters(record.quarters),
        ]
        headings = [
            pgettext("column of the record", "what"),
            pgettext("column of the record", "of"),
            pgettext("column of the record", "figure"),
            pgettext("column of the record", "value"),
        ]
        return as_csv("record.csv", headings, rows)


def _rows_of_months(months: Iterable[MonthOfRecord]) -> Iterable[list]:
    for month in months:
        of = month_in_both_calendars(month.day)
        for heading, value in _figures_of(month.promise):
            yield [_("Time to know"), of, heading, value]
        yield [_("Courts' data on time"), of, "%", _or_empty(month.on_time.share)]
        yield [_("Service closed"), of, _("minutes"), _or_empty(month.closed_minutes)]


def _figures_of(promise: Promise) -> list[tuple[str, object]]:
    half, nearly_all = (promise.seconds(share) for share in (0.5, 0.99))
    return [
        (_("Told within 10 seconds (%)"), _or_empty(promise.share)),
        (_("Half told within (seconds)"), _or_empty(half)),
        (_("99 of 100 told within (seconds)"), _or_empty(nearly_all)),
    ]


def _rows_of_courts(record: Record) -> Iterable[list]:
    month = month_in_both_calendars(record.last_month) if record.last_month else ""
    for each in record.courts:
        of = f"{each.court} {month}"
        yield [_("Time to know"), of, _("Told within 10 seconds (%)"), _or_empty(each.promise.share)]
        yield [_("Court's data on time"), of, "%", _or_empty(each.on_time.share)]
        if each.late_since:
            at = f"{timezone.localtime(each.late_since):%Y-%m-%d %H:%M}"
            yield [_("Court's data is late"), f"{each.court}", _("usually there by"), at]


def _rows_of_quarters(found: Iterable[Quarter]) -> Iterable[list]:
    for quarter in found:
        for name, votes in (
            (_("I understand what happened"), quarter.happened),
            (_("I know what to do"), quarter.to_do),
        ):
            yield [name, f"{quarter.day:%Y-%m}", _("yes (%)"), _share_of_yes(votes)]


def _share_of_yes(votes: Votes) -> object:
    return votes.percent(votes.yes) if votes.are_enough else ""


def _or_empty(value: object) -> object:
    return "" if value is None or value == math.inf else value
