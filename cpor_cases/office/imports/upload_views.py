"""Uploading a file, its dry run, and its import."""

import datetime as dt
from functools import partial

from django.contrib import messages
from django.db.models import Model
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from cpor_cases.actions import uploads, viewing
from cpor_cases.intake.columns import HEADINGS, REQUIRED
from cpor_cases.models import ImportRun, IncomingFile
from cpor_cases.office.views import OnRecordMixin
from cpor_core.case_numbers import CaseNumber
from cpor_core.models import ProgressKind
from cpor_core.office.views import HorizonMixin, OfficeFormView, OfficeScreen

from .forms import UploadForm
from .progress_bars import progress_of_upload

PIECE = 1024 * 1024


class UploadView(OfficeFormView):
    """Receives a file; the worker then makes a dry run of it."""

    model = ImportRun
    form_class = UploadForm
    page_title = gettext_lazy("Upload a file")
    template_name = "cpor_cases/office/imports/upload.html"
    index_url_name = "office_imports:index"
    button = gettext_lazy("Start the dry run")

    def get_context_data(self, **kwargs):
        headings = [(key, heading, key in REQUIRED) for key, heading in HEADINGS.items()]
        return super().get_context_data(headings=headings, **kwargs)

    def form_valid(self, form):
        file, court = form.cleaned_data["file"], form.cleaned_data["court"]
        upload = uploads.receive(
            file.name, iter(partial(file.read, PIECE), b""), court=court, by=self.request.user
        )
        return redirect("office_imports:dry_run", upload.pk)


class UploadMixin(HorizonMixin):
    """Finds the uploaded file within the horizon."""

    model: type[Model] = ImportRun
    permission_required = "add"

    def dispatch(self, request, *args, pk, **kwargs):
        uploaded = IncomingFile.objects.for_clerk(request.user).select_related("court", "run")
        self.upload = get_object_or_404(uploaded, pk=pk)
        return super().dispatch(request, *args, **kwargs)


class DryRunView(OnRecordMixin, UploadMixin, OfficeScreen, TemplateView):
    """What the import of the file would change. POST starts the import."""

    template_name = "cpor_cases/office/imports/dry_run.html"
    page_title = gettext_lazy("Result of the dry run")
    index_url_name = "office_imports:index"

    def get(self, request, *args, **kwargs):
        if self.upload.has_run_begun and self.upload.state != IncomingFile.State.READY:
            return redirect("office_imports:inspect", self.upload.run_id)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        result = self.upload.dry_run_result
        return super().get_context_data(
            upload=self.upload,
            result=result,
            entries=_entries_to_show(result.get("entries", [])),
            progress=progress_of_upload(self.upload),
            **kwargs,
        )

    def show_people(self, context):
        if context["entries"]:
            viewing.show_rows(self.request, [self.upload], title=self.page_title)

    def post(self, request, *args, **kwargs):
        """Start the import. The page then shows the worker's progress."""
        if uploads.start_import(self.upload, by=request.user):
            messages.success(
                request, _("The file is being imported; whoever it concerns is told when it is done.")
            )
        return redirect("office_imports:dry_run", self.upload.pk)


class DiscardView(UploadMixin, View):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        uploads.discard(self.upload, by=request.user)
        messages.success(request, _("The file has been deleted."))
        return redirect("office_imports:upload")


class UploadProgressView(UploadMixin, TemplateView):
    template_name = "cpor_cases/office/imports/progress.html"

    def get_context_data(self, **kwargs):
        return {"progress": progress_of_upload(self.upload)}


def _entries_to_show(entries: list[dict]) -> list[dict]:
    kinds = {kind.code: kind for kind in ProgressKind.objects.filter(code__in={e["kind"] for e in entries})}
    return [
        entry
        | {
            "case": CaseNumber(entry["year"], entry["word"], entry["number"]),
            "kind": kinds.get(entry["kind"], entry["kind"]),
            "recorded_at": dt.datetime.fromisoformat(entry["recorded_at"]),
            "hearing_at": entry["hearing_at"] and dt.datetime.fromisoformat(entry["hearing_at"]),
        }
        for entry in entries
    ]
