"""What editors learn from the counts: which forms are fetched, which answers help, what is sought in vain; who changed a word."""

import django_filters
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button
from wagtail.permissions import ModelPermissionPolicy

from cpor_core.case_numbers import spellings_of_word
from cpor_core.models import CaseWord, CaseWordRecord, Category, WordTier
from cpor_core.office.charts import BarChart, Series
from cpor_core.office.columns import MomentColumn
from cpor_core.office.exports import WRITERS
from cpor_pages.case_words import history
from cpor_pages.models import AnswerCounter, CourtForm, DownloadCounter, SearchMissCounter

from . import download_counts


class BarColumn(Column):
    """A number with a bar as long as its share of the largest one on the page."""

    cell_template_name = "cpor_pages/office/bar_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        most = max((self.get_value(each) for each in parent_context["table"].data), default=0)
        return context | {"most": most or 1}


class ShortColumn(Column):
    """A few characters that stay on one line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, classname="office-short", **kwargs)


class MonthColumn(ShortColumn):
    def get_value(self, instance) -> str:
        return f"{super().get_value(instance):%Y-%m}"


class EditorsReport(ReportView):
    """Open to those who edit. The files to take away are as safe and as legible as the office's: what visitors typed runs nowhere."""

    FORMATS = tuple(WRITERS)
    permission_policy = ModelPermissionPolicy(CourtForm)
    any_permission_required = ["add", "change", "publish"]
    header_icon = "history"

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [
            Button(kind.upper(), url=self.get_export_url(kind), icon_name="download", priority=90 + place)
            for place, kind in enumerate(WRITERS)
        ]

    def as_spreadsheet(self, queryset, spreadsheet_format):
        headings = [column.label for column in self.columns]
        rows = ([column.get_value(row) for column in self.columns] for row in queryset)
        file_name = f"{self.index_url_name.removesuffix('_report')}.{spreadsheet_format}"
        return WRITERS[spreadsheet_format](file_name, headings, rows)


def titles_of_forms() -> list[tuple[int, str]]:
    return [(form.pk, form.title) for form in CourtForm.objects.all()]


class DownloadsFilterSet(WagtailFilterSet):
    form = django_filters.ChoiceFilter(label=_("form"), choices=titles_of_forms)

    class Meta:
        model = DownloadCounter
        fields = []


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
    page_title = _("Searched for in vain")
    index_url_name = "misses_report"
    index_results_url_name = "misses_report_results"
    columns = [
        MonthColumn("month", label=_("Month")),
        Column("query", label=_("Searched for")),
        BarColumn("count", label=_("Times")),
    ]

    def get_queryset(self):
        return SearchMissCounter.objects.order_by("-month", "-count")


def _name_of(user) -> str:
    """Nobody, for what an operator's command did."""
    return (user.get_full_name() or user.get_username()) if user else "–"


class WordChangesFilterSet(WagtailFilterSet):
    word = django_filters.CharFilter(label=_("case word"), method="of_word")
    category = django_filters.ChoiceFilter(label=_("category"), choices=Category.choices)
    court_tier = django_filters.ChoiceFilter(label=_("bench"), choices=WordTier.choices)

    class Meta:
        model = CaseWordRecord
        fields = []

    def of_word(self, records, _name, word):
        return records.filter(word__in=spellings_of_word(word))


class WordChangesReport(EditorsReport):
    """Who opened 勞專調, and when: the public history of the case words with the names it leaves out."""

    model = CaseWordRecord
    page_title = _("Changes of case words")
    index_url_name = "word_changes_report"
    index_results_url_name = "word_changes_report_results"
    permission_policy = ModelPermissionPolicy(CaseWord)
    filterset_class = WordChangesFilterSet
    columns = [
        MomentColumn("recorded_at", label=_("When")),
        ShortColumn("word", label=_("Case word")),
        ShortColumn("category", label=_("Category"), accessor="get_category_display"),
        Column("bench", label=_("Bench")),
        Column("what", label=_("What changed")),
        Column("recorded_by", label=_("By whom"), accessor=lambda record: _name_of(record.recorded_by)),
    ]

    def get_queryset(self):
        return CaseWordRecord.objects.select_related("recorded_by")

    def paginate_queryset(self, queryset, page_size):
        paginator, page, records, is_paginated = super().paginate_queryset(queryset, page_size)
        return paginator, page, history.told(records), is_paginated

    def as_spreadsheet(self, queryset, spreadsheet_format):
        return super().as_spreadsheet(history.told(queryset), spreadsheet_format)


REPORTS = [DownloadsReport, VotesReport, MissesReport, WordChangesReport]
