"""What came from the court's own system, and what of it could not be taken."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..columns import Column, MomentColumn, NumberColumn, TitleColumn
from ..filters import ImportFilterSet
from .base import DeskListView, DetailView

REJECTED_ROWS_A_PAGE = 50


class ImportListView(DeskListView):
    related = ("court", "started_by")
    filterset_class = ImportFilterSet
    default_ordering = "-started_at"
    empty_message = gettext_lazy(
        "Imports of your court's progress entries appear here, each with its figures."
    )

    @cached_property
    def columns(self):
        return [
            TitleColumn("run", label=_("Import"), accessor=str, url_name="desk_imports:inspect"),
            Column("file_name", label=_("File")),
            Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
            NumberColumn("rows_read", label=_("Read"), sort_key="rows_read"),
            NumberColumn("rows_created", label=_("Created")),
            NumberColumn("rows_changed", label=_("Changed")),
            NumberColumn("rows_withdrawn", label=_("Withdrawn")),
            NumberColumn("rows_rejected", label=_("Rejected"), sort_key="rows_rejected"),
            MomentColumn("started_at", label=_("Started"), sort_key="started_at"),
        ]


class ImportDetailView(DetailView):
    related = ("court", "started_by")
    template_name = "cpor_cases/backoffice/import.html"

    def get_context_data(self, **kwargs):
        pages = Paginator(self.object.rejected_rows.order_by("line"), REJECTED_ROWS_A_PAGE)
        return super().get_context_data(rejected=pages.get_page(self.request.GET.get("p")), **kwargs)
