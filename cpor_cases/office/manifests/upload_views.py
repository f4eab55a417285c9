"""Handing in a manifest as a file."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cpor_cases.actions import manifests
from cpor_cases.manifests.reading import HEADINGS
from cpor_cases.models import Manifest, ManifestDifference
from cpor_core.models import Court
from cpor_core.office.views import OfficeFormView
from cpor_core.reading.archives import UnreadableFile

from .forms import ManifestForm


class ManifestUploadView(OfficeFormView):
    """Takes a manifest, read as the interface reads it. One that cannot be read whole is refused with a sentence."""

    model = ManifestDifference
    permission_required = "view"
    form_class = ManifestForm
    page_title = gettext_lazy("Upload a manifest")
    template_name = "cpor_cases/office/manifests/upload.html"
    index_url_name = "office_manifests:index"
    button = pgettext_lazy("button", "Compare")

    def get_list_label(self) -> str:
        return _("Differences from the court's system")

    def get_context_data(self, **kwargs):
        headings = [(key, heading, False) for key, heading in HEADINGS.items()]
        return super().get_context_data(headings=headings, **kwargs)

    def form_valid(self, form):
        try:
            self._accept(**form.cleaned_data)
        except UnreadableFile as error:
            form.add_error("file", str(error))
        except manifests.NoRows:
            form.add_error("file", _("There is no row in the manifest."))
        else:
            sentence = _("The manifest was taken. It is being compared; what differs is listed here.")
            messages.success(self.request, sentence)
            return redirect(self.index_url_name)
        return self.form_invalid(form)

    def _accept(self, *, file, court: Court, is_complete: bool) -> Manifest:
        with tempfile.NamedTemporaryFile(prefix="manifest-") as copy:
            for piece in file.chunks():
                copy.write(piece)
            copy.flush()
            path = Path(copy.name)
            return manifests.accept(path, court=court, is_complete=is_complete, by=self.request.user)
