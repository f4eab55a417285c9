"""The editors' reports: downloads of forms, votes on answers, searches without a hit."""

import django_filters
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.permissions import ModelPermissionPolicy

from cpor_core.office.charts import BarChart, Series
from cpor_core.office.columns import ShortColumn
from cpor_core.office.reports import DownloadableReport
from cpor_pages.models import AnswerCounter, CourtForm, DownloadCounter, SearchMissCounter

from . import download_counts


class BarColumn(Column):
    """A number with a bar as long as its share of the largest one on the page."""

    cell_template_name = "cpor_pages/office/bar_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        most = max((self.get_value(each) for each in parent_context["table"].data), default=0)
        return context | {"most": most or 1}


class MonthColumn(ShortColumn):
    def get_value(self, instance) -> str:
        return f"{super().get_value(instance):%Y-%m}"


class EditorsReport(DownloadableReport):
    """Base of the reports, open to editors."""

    permission_policy = ModelPermissionPolicy(CourtForm)
    any_permission_required = ["add", "change", "publish"]
    header_icon = "history"


def titles_of_forms() -> list[tuple[int, str]]:
    return [(form.pk, form.title) for form in CourtForm.objects.all()]


class DownloadsFilterSet(WagtailFilterSet):
    form = django_filters.ChoiceFilter(label=_("form"), choices=titles_of_forms)

    class Meta:
        model = DownloadCounter
        fields: list[str] = []


class DownloadsReport(EditorsReport):
    """By form and month, whatever its versions; the months drawn above."""

    model = DownloadCounter
    page_title = _("Forms downloaded")
    results_template_name = "cpor_pages/office/downloads_results.html"
    index_url_name = "downloads_report"
    index_results_url_name = "downloads_report_results"
    filterset_class = DownloadsFilterSet
    columns = [
        MonthColumn("month", label=_("Month")),
        Column("title", label=pgettext_lazy("court form", "Form")),
        NumberColumn("odt", label="ODT"),
        NumberColumn("pdf", label="PDF"),
        NumberColumn("docx", label="DOCX"),
        BarColumn("total", label=_("Downloads")),
    ]

    def get_queryset(self):
        return download_counts.fetched_by_month()

    def get_context_data(self, *args, **kwargs):
        # Short enough to stand side by side on a phone: 26-11.
        months = [(month[2:], total) for month, total in download_counts.totals_by_month(self.object_list)]
        chart = BarChart(
            _("Downloads of the last twelve months"), _("Month"), [Series(_("Downloads"), months)]
        )
        return super().get_context_data(*args, **kwargs) | {"chart": chart}


class VotesReport(EditorsReport):
    model = AnswerCounter
    page_title = _("Answers found helpful")
    index_url_name = "votes_report"
    index_results_url_name = "votes_report_results"
    columns = [
        MonthColumn("month", label=_("Month")),
        TitleColumn(
            "answer",
            label=_("Question"),
            get_url=lambda counter: reverse("wagtailadmin_pages:edit", args=[counter.answer_id]),
        ),
        Column("language", label=pgettext_lazy("website", "Language"), accessor="answer.locale"),
        BarColumn("helpful", label=_("Helpful")),
        BarColumn("unhelpful", label=_("Not helpful")),
    ]

    def get_queryset(self):
        return AnswerCounter.objects.select_related("answer__locale").order_by("-month", "-unhelpful")


class MissesReport(EditorsReport):
    model = SearchMissCounter
    page_title = _("Searches without a result")
    index_url_name = "misses_report"
    index_results_url_name = "misses_report_results"
    columns = [
        MonthColumn("month", label=_("Month")),
        Column("query", label=_("Searched for")),
        BarColumn("count", label=_("Times")),
    ]

    def get_queryset(self):
        return SearchMissCounter.objects.order_by("-month", "-count")


REPORTS = [DownloadsReport, VotesReport, MissesReport]
