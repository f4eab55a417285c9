"""The reports: figures of a court by month, and all courts side by side. One view for each, whatever the figures."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from cpor_cases.permissions import courts_reported_to, oversees_courts
from cpor_core.models import Court
from cpor_core.office.charts import BarChart, RowChart, Series
from cpor_core.office.exports import WRITERS
from cpor_core.roc_dates import month_in_both_calendars, month_in_short

from .columns import FigureColumn, RowLabelColumn
from .figures import MONTHLY, SIDE_BY_SIDE, Report
from .forms import MonthForm, PeriodForm
from .scope import Scope

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

COURTS_DRAWN = 8


@dataclass(frozen=True)
class Row:
    """One line of a report: what it stands for, and what was counted."""

    label: str
    short: str
    counts: dict


class FiguresView(ReportView):
    """The base of both kinds of reports: permission, the form above, and the exports."""

    template_name = "cpor_cases/office/reports/report.html"
    permission_policy = ModelPermissionPolicy(Court)
    permission_required = "report"
    paginate_by = None
    header_icon = "table"
    header_more_buttons: list[Button] = []
    report: Report = None  # type: ignore[assignment]  # the view set or a subclass names it
    label_heading: "str | StrPromise" = ""
    is_sortable = False

    @cached_property
    def courts(self):
        return courts_reported_to(self.request.user)

    @cached_property
    def form(self):
        raise NotImplementedError

    @cached_property
    def scope(self) -> Scope:
        return self.form.scope(self.courts)

    def get(self, request, *args, **kwargs):
        is_refused = "export" in request.GET and not self.form.is_valid()
        self.is_export = request.GET.get("export") in WRITERS and not is_refused
        response = super().get(request, *args, **kwargs)
        if is_refused:
            response.status_code = 400
        return response

    def get_page_title(self):
        return _("Report: %(title)s") % {"title": self.report.title}

    @cached_property
    def columns(self):
        figures = [FigureColumn(figure, is_sortable=self.is_sortable) for figure in self.report.figures]
        return [RowLabelColumn("label", label=self.label_heading), *figures]

    def get_index_url(self):
        return self.request.path

    def get_queryset(self):
        return self.get_rows() if self.form.is_valid() else []

    def filter_queryset(self, rows):
        return rows

    def as_spreadsheet(self, rows, kind):
        figures = self.report.figures
        headings = [str(self.label_heading), *(str(figure.heading) for figure in figures)]
        lines = ([row.label, *(_rounded(figure.value(row.counts)) for figure in figures)] for row in rows)
        file_name = f"{self.report.name}-{self.get_months()}.{kind}"
        return WRITERS[kind](file_name, headings, lines, title=f"{self.report.title} {self.get_months()}")

    def get_months(self) -> str:
        return f"{self.scope.first:%Y-%m}-{self.scope.last:%Y-%m}"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            report=self.report,
            form=self.form,
            tabs=self.get_tabs(),
            chart=self.get_chart() if self.form.is_valid() else None,
            downloads=[(kind.upper(), self.get_export_url(kind)) for kind in WRITERS],
            **kwargs,
        )

    def get_tabs(self) -> list[dict]:
        """Return the links to the other reports, for the same court and period."""
        query = self.request.GET.copy()
        for name in ("export", "ordering", "month"):
            query.pop(name, None)
        tabs: list[dict[str, object]] = [
            {"title": each.title, "url": f"{reverse(f'office_reports:{each.name}')}?{query.urlencode()}"}
            for each in MONTHLY
        ]
        if oversees_courts(self.request.user):
            tabs.append({"title": SIDE_BY_SIDE.title, "url": reverse(f"office_reports:{SIDE_BY_SIDE.name}")})
        for tab in tabs:
            tab["is_here"] = tab["title"] == self.report.title
        return tabs


def _rounded(value):
    return round(value, 1) if isinstance(value, float) else value


class MonthlyView(FiguresView):
    """One report: the figures of one court, or of all the reader's courts together, month by month."""

    label_heading = gettext_lazy("Month")

    @cached_property
    def form(self):
        return PeriodForm(self.request.GET, courts=self.courts)

    def get_rows(self) -> list[Row]:
        months = self.scope.months
        counts = self.report.counts(self.scope, months)
        rows = zip(months, counts, strict=True)
        return [Row(month_in_both_calendars(month), month_in_short(month), each) for month, each in rows]

    def get_chart(self) -> BarChart:
        rows, drawn = self.object_list, self.report.drawn
        series = [
            Series(str(figure.heading), [(row.short, figure.value(row.counts) or 0) for row in rows])
            for figure in drawn
        ]
        title = _("%(report)s by month") % {"report": self.report.title}
        text = self.report.in_words(rows)
        return BarChart(title, self.label_heading, series, text=text, has_table=False)

    def get_context_data(self, **kwargs):
        return super().get_context_data(reasons=self.report.reasons, counts=self.count_reasons(), **kwargs)

    def count_reasons(self) -> list[tuple[str, int]]:
        reasons = self.report.reasons
        return reasons.count(self.scope) if reasons and self.form.is_valid() else []


class CourtsView(FiguresView):
    """All courts side by side, for who oversees the service."""

    report = SIDE_BY_SIDE
    label_heading = gettext_lazy("Court")
    is_sortable = True

    def dispatch(self, request, *args, **kwargs):
        if not oversees_courts(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def form(self):
        return MonthForm(self.request.GET)

    @cached_property
    def sorted_by(self):
        """The figure by which the courts are sorted; by default they have the order of the reference data."""
        name = (self.ordering or "").removeprefix("-")
        return next((figure for figure in self.report.figures if figure.key == name), None)

    def get_rows(self) -> list[Row]:
        courts = list(self.courts)
        counts = self.report.counts(self.scope, [court.pk for court in courts])
        rows = [Row(court.name, court.name, each) for court, each in zip(courts, counts, strict=True)]
        if figure := self.sorted_by:
            rows.sort(key=lambda row: figure.value(row.counts) or 0, reverse=self.ordering.startswith("-"))
        return rows

    def get_chart(self) -> RowChart:
        """The courts with most of what the table is sorted by."""
        figure = self.sorted_by or self.report.drawn[0]
        most = sorted(self.object_list, key=lambda row: -(figure.value(row.counts) or 0))[:COURTS_DRAWN]
        points = [(row.short, _rounded(figure.value(row.counts) or 0)) for row in most]
        title = _("%(figure)s: the courts with the most") % {"figure": figure.heading}
        return RowChart(title, self.label_heading, [Series(str(figure.heading), points)])
