"""Download counts of the forms: by form and month, for each format."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from cpor_pages.models import DownloadCounter, FormVersion

from .counters import this_month

FORMATS = ["odt", "pdf", "docx"]
MONTHS_DRAWN = 12


def fetched_by_month() -> QuerySet:
    """Return month, form and counts, all versions of a form together; a file of no form stands by its own title."""
    version = FormVersion.objects.filter(
        Q(odt=OuterRef("document")) | Q(pdf=OuterRef("document")) | Q(docx=OuterRef("document"))
    )
    counters = DownloadCounter.objects.annotate(
        form=Subquery(version.values("form")[:1]),
        kind=_format_of(version),
        title=Coalesce(
            Subquery(version.values("form__title__reader")[:1]),
            F("document__title"),
            output_field=CharField(),
        ),
    )
    sums = {kind: Coalesce(Sum("count", filter=Q(kind=kind)), 0) for kind in FORMATS}
    rows = counters.values("month", "form", "title").annotate(**sums, total=Sum("count"))
    return rows.order_by("-month", "-total", "title")


def _format_of(version: QuerySet) -> Case:
    """Which of the form's files a document is; nothing for a file of no form."""
    found = [
        When(document__in=version.model.objects.exclude(**{kind: None}).values(kind), then=Value(kind))
        for kind in FORMATS
    ]
    return Case(*found, default=Value(""), output_field=CharField())


def months_drawn(last: dt.date | None = None) -> list[dt.date]:
    """Return the first days of the twelve months up to this one."""
    last = last or this_month()
    return [last - relativedelta(months=ago) for ago in reversed(range(MONTHS_DRAWN))]


def totals_by_month(rows: QuerySet) -> list[tuple[str, int]]:
    """Return the months to be drawn, each with what was fetched in it."""
    months = months_drawn()
    totals: dict[dt.date, int] = dict.fromkeys(months, 0)
    for row in rows.filter(month__gte=months[0]):
        totals[row["month"]] += row["total"]
    return [(f"{month:%Y-%m}", total) for month, total in totals.items()]
