"""Imports: the list, one import with its rejected rows, its progress, and its stop."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from cpor_cases.actions import exports, uploads
from cpor_cases.intake.columns import HEADINGS
from cpor_cases.models import IncomingFile
from cpor_cases.office.views import ActionView, DetailView, OfficeListView
from cpor_core import languages
from cpor_core.office.columns import CountColumn, MomentColumn
from cpor_core.office.exports import as_csv
from cpor_core.punctuation import in_a_row, labelled

from .columns import OpenSinceColumn
from .filters import ImportFilterSet
from .progress_bars import progress_of_run

REJECTED_ROWS_A_PAGE = 50


class ImportListView(OfficeListView):
    """The imports, and above them the uploaded files that wait for a clerk."""

    related = ("court", "started_by")
    results_template_name = "cpor_cases/office/imports/list_results.html"
    filterset_class = ImportFilterSet
    is_about_people = False
    default_ordering = "-started_at"
    stacks = True
    empty_message = gettext_lazy(
        "Imports of your court's progress entries appear here, each with its figures."
    )

    @cached_property
    def columns(self):
        return [
            TitleColumn(
                "run", label=pgettext("import", "Import"), accessor=str, url_name="office_imports:inspect"
            ),
            Column("file_name", label=pgettext("import", "File")),
            Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
            CountColumn("rows_read", label=_("Read"), sort_key="rows_read"),
            CountColumn("rows_created", label=pgettext("import", "Created")),
            CountColumn("rows_changed", label=_("Changed")),
            CountColumn("rows_withdrawn", label=_("Withdrawn")),
            CountColumn("rows_superseded", label=pgettext("import", "Superseded")),
            CountColumn("rows_rejected", label=pgettext("import", "Rejected"), sort_key="rows_rejected"),
            OpenSinceColumn("open_since", label=_("To see to for")),
            MomentColumn("started_at", label=_("Started"), sort_key="started_at"),
        ]

    def get_context_data(self, **kwargs):
        unfinished = IncomingFile.objects.for_clerk(self.request.user).unfinished()
        may_upload = self.user_has_permission("add")
        return super().get_context_data(
            unfinished=unfinished.select_related("court", "clerk").order_by("-received_at")
            if may_upload
            else [],
            **kwargs,
        )

    @cached_property
    def header_buttons(self):
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(_("Upload a file"), url=reverse("office_imports:upload"), icon_name="upload")]


class ImportDetailView(DetailView):
    related = ("court", "started_by")
    template_name = "cpor_cases/office/imports/inspect.html"

    def get_context_data(self, **kwargs):
        pages = Paginator(self.object.rejected_rows.order_by("line"), REJECTED_ROWS_A_PAGE)
        rejected = pages.get_page(self.request.GET.get("p"))
        for row in rejected:
            row.as_sent = _in_words(row.row)
        uploaded = IncomingFile.objects.for_clerk(self.request.user).filter(run=self.object)
        return super().get_context_data(
            rejected=rejected,
            groups=self.object.rejection_groups.select_related("answered_by"),
            may_answer=self.user_has_permission("add") and self.object.is_to_repair,
            may_take_back=self.user_has_permission("add"),
            warnings=self.object.warnings.order_by("line")[:REJECTED_ROWS_A_PAGE],
            progress=progress_of_run(self.object),
            upload=uploaded.first() if self.user_has_permission("add") else None,
            **kwargs,
        )


class RejectedRowsView(DetailView):
    """The rejected rows as a file with the headings of an export, to be corrected and sent again."""

    def get(self, request, *args, **kwargs):
        exports.log_rejected_rows(self.object, by=request.user)
        rows = self.object.rejected_rows.order_by("line").iterator(chunk_size=500)
        headings = [*HEADINGS.values(), _("Line"), _("Reason")]
        lines = ([*(row.row.get(key, "") for key in HEADINGS), row.line, row.sentence] for row in rows)
        title = _("Rejected rows of import %(number)d") % {"number": self.object.pk}
        return as_csv(f"import-{self.object.pk}-rejected.csv", headings, lines, title=title)


class ProgressView(DetailView):
    """The progress of a running import: the fragment that its page reloads every second."""

    template_name = "cpor_cases/office/imports/progress.html"

    def get_context_data(self, **kwargs):
        return {"progress": progress_of_run(self.object), "run": self.object}

    def show_people(self, context):
        """The fragment shows figures only."""


class StopView(ActionView):
    """Stops the import of an uploaded file after the current batch."""

    permission_required = "add"
    question = gettext_lazy("Stop this import?")
    explanation = gettext_lazy(
        "What has been imported stays, and whoever it concerns is told. The same file again completes it."
    )
    button = gettext_lazy("Stop the import")
    index_url_name = "office_imports:index"
    inspect_url_name = "office_imports:inspect"

    def post(self, request, *args, **kwargs):
        upload = get_object_or_404(IncomingFile.objects.for_clerk(request.user), run=self.object)
        uploads.stop_import(upload, by=request.user)
        return redirect("office_imports:inspect", self.object.pk)


def _in_words(row: dict) -> str:
    """Return a row as it was sent, without empty cells, under headings in the reader's language."""
    # Chinese readers see the headings of an export, all others its keys.
    headings = HEADINGS if languages.is_first() else {}
    named = ((headings.get(key, key), value) for key, value in row.items() if value)
    return in_a_row(labelled(name, value) for name, value in named)
