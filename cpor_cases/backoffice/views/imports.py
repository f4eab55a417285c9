"""What came from the court's own system, and what of it could not be taken."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.widgets.button import HeaderButton

from cpor_cases.intake.formats import HEADINGS, UnreadableFile
from cpor_cases.models import ImportRun

from .. import uploads
from ..columns import Column, MomentColumn, NumberColumn, TitleColumn
from ..filters import ImportFilterSet
from ..forms import UploadForm
from ..spreadsheets import as_csv
from .base import DeskFormView, DeskListView, DeskScreen, DetailView, HorizonMixin

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

    @cached_property
    def header_buttons(self):
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(_("Upload a file"), url=reverse("desk_imports:upload"), icon_name="upload")]


class ImportDetailView(DetailView):
    related = ("court", "started_by")
    template_name = "cpor_cases/backoffice/import.html"

    def get_context_data(self, **kwargs):
        pages = Paginator(self.object.rejected_rows.order_by("line"), REJECTED_ROWS_A_PAGE)
        return super().get_context_data(rejected=pages.get_page(self.request.GET.get("p")), **kwargs)


class RejectedRowsView(DetailView):
    """The rejected rows as a file with the headings of an export: to be mended and sent again."""

    def get(self, request, *args, **kwargs):
        rows = self.object.rejected_rows.order_by("line")
        headings = [*HEADINGS.values(), _("Line"), _("Reason")]
        lines = ([*(row.row.get(key, "") for key in HEADINGS), row.line, row.reason] for row in rows)
        return as_csv(f"import-{self.object.pk}-rejected.csv", headings, lines)


class UploadView(DeskFormView):
    """A file is handed in; the rehearsal follows."""

    model = ImportRun
    form_class = UploadForm
    page_title = gettext_lazy("Upload a file")
    index_url_name = "desk_imports:index"
    button = gettext_lazy("Rehearse")

    def form_valid(self, form):
        file = form.cleaned_data["file"]
        court = form.cleaned_data["court"]
        key = uploads.keep(file.name, file.read(), court=court, clerk=self.request.user)
        return redirect("desk_imports:rehearse", key)


class RehearsalView(HorizonMixin, DeskScreen, TemplateView):
    """What taking the file would do; nothing is stored before the clerk says so."""

    model = ImportRun
    permission_required = "add"
    template_name = "cpor_cases/backoffice/rehearsal.html"
    page_title = gettext_lazy("Rehearsal")
    index_url_name = "desk_imports:index"

    def get(self, request, key):
        upload = uploads.find(key, request.user)
        if upload is None:
            return self.start_again(_("The file is no longer there. Please upload it again."))
        try:
            rehearsal = uploads.rehearse(upload, by=request.user)
        except UnreadableFile as error:
            return self.start_again(str(error))
        return self.render_to_response(self.get_context_data(upload=upload, rehearsal=rehearsal))

    def post(self, request, key):
        upload = uploads.find(key, request.user)
        if upload is None:
            return self.start_again(_("The file is no longer there. Please upload it again."))
        uploads.forget(key)
        run = uploads.take(upload, by=request.user)
        messages.success(request, _("The file has been taken; whoever it concerns is told."))
        return redirect("desk_imports:inspect", run.pk)

    def start_again(self, sentence: str):
        messages.error(self.request, sentence)
        return redirect("desk_imports:upload")
