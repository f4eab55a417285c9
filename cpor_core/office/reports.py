"""Reports of the admin, with their files."""

from django.utils.functional import cached_property
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button

from .exports import WRITERS


class DownloadableReport(ReportView):
    """A Wagtail report whose files are written by `exports`, so that no cell is evaluated as a formula."""

    FORMATS = tuple(WRITERS)

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
        return WRITERS[spreadsheet_format](file_name, headings, rows, title=str(self.page_title))
