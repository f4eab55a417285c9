"""What editors learn from the counts: which forms are fetched, which answers help, what is sought in vain."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import ModelPermissionPolicy

from .models import AnswerTally, CourtForm, DownloadTally, SearchMissTally


class BarColumn(Column):
    """A number with a bar as long as its share of the largest one on the page."""

    cell_template_name = "cpor_pages/office/bar_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        most = max((self.get_value(each) for each in parent_context["table"].data), default=0)
        return context | {"most": most or 1}


class MonthColumn(Column):
    def get_value(self, instance) -> str:
        return f"{instance.month:%Y-%m}"


class EditorsReport(ReportView):
    """Open to those who edit; exports as CSV and XLSX."""

    permission_policy = ModelPermissionPolicy(CourtForm)
    any_permission_required = ["add", "change", "publish"]
    header_icon = "history"


class DownloadsReport(EditorsReport):
    model = DownloadTally
    page_title = _("Files downloaded")
    index_url_name = "downloads_report"
    index_results_url_name = "downloads_report_results"
    columns = [
        MonthColumn("month", label=_("Month")),
        Column("document", label=_("File")),
        BarColumn("count", label=_("Downloads")),
    ]
    list_export = ["month", "document", "count"]
    export_headings = {"month": _("Month"), "document": _("File"), "count": _("Downloads")}

    def get_queryset(self):
        self.queryset = DownloadTally.objects.select_related("document").order_by("-month", "-count")
        return super().get_queryset()


class VotesReport(EditorsReport):
    model = AnswerTally
    page_title = _("Answers found helpful")
    index_url_name = "votes_report"
    index_results_url_name = "votes_report_results"
    columns = [
        MonthColumn("month", label=_("Month")),
        Column("answer", label=_("Question")),
        BarColumn("helpful", label=_("Helpful")),
        BarColumn("unhelpful", label=_("Not helpful")),
    ]
    list_export = ["month", "answer", "helpful", "unhelpful"]
    export_headings = {
        "month": _("Month"),
        "answer": _("Question"),
        "helpful": _("Helpful"),
        "unhelpful": _("Not helpful"),
    }

    def get_queryset(self):
        self.queryset = AnswerTally.objects.select_related("answer").order_by("-month", "-unhelpful")
        return super().get_queryset()


class MissesReport(EditorsReport):
    model = SearchMissTally
    page_title = _("Searched for in vain")
    index_url_name = "misses_report"
    index_results_url_name = "misses_report_results"
    columns = [
        MonthColumn("month", label=_("Month")),
        Column("query", label=_("Searched for")),
        BarColumn("count", label=_("Times")),
    ]
    list_export = ["month", "query", "count"]
    export_headings = {"month": _("Month"), "query": _("Searched for"), "count": _("Times")}

    def get_queryset(self):
        self.queryset = SearchMissTally.objects.order_by("-month", "-count")
        return super().get_queryset()


REPORTS = [DownloadsReport, VotesReport, MissesReport]
