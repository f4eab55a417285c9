"""Documents: their form, their fingerprint, and how they are served. What a file holds is told in `file_kinds`."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.request import HttpHeaders
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.documents.models import Document
from wagtail.documents.views.serve import serve as wagtail_serve
from wagtail.utils.file import hash_filelike

from .file_kinds import ending_of, require_sound

PDF = "application/pdf"


class DocumentForm(BaseDocumentForm):
    """Every document that an editor or a program hands in passes here: adding one or several, replacing, choosers, API."""

    def full_clean(self):
        super().full_clean()
        if self.has_error("file"):
            # Nothing is left of a file that was refused, and Wagtail goes on to complain of its ending.
            del self.errors["file"][1:]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            self._require_same_kind(file)
            require_sound(file, ending_of(file.name))
        return file

    def _require_same_kind(self, file) -> None:
        """A document stays what it is: forms, drafts of forms and links offer it as that."""
        kind = ending_of(self.original_file.name) if self.original_file else ""
        if kind and ending_of(file.name) != kind:
            sentence = _(
                "This document is a .%(kind)s file and is offered as one. Add another format as a new document."
            )
            raise ValidationError(sentence % {"kind": kind}, code="other_kind")


def note_new_file(document: Document) -> bool:
    """Keep size and fingerprint of a file that is about to be stored; its ETag is made of them. False if there is none."""
    if not document.file or document.file._committed:
        return False
    document.file_size = document.file.size
    document.file.seek(0)
    document.file_hash = hash_filelike(document.file)
    document.file.seek(0)
    return True


def keep_fingerprint(document: Document, request: HttpRequest) -> None:
    """Work out the fingerprint of a document that has none on record, before Wagtail makes an empty ETag of it."""
    document.get_file_hash()


def serve(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponse:
    """Wagtail's own answer, made safe: nothing in the file can run, and a browser that has another file gets this one."""
    if request.META.get("HTTP_IF_NONE_MATCH"):
        # RFC 9110: the ETag alone decides. Wagtail asks both.
        request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
        request.headers = HttpHeaders(request.META)
    response = wagtail_serve(request, document_id, document_filename)
    if response.get("Content-Encoding") == "None":
        del response["Content-Encoding"]
    # Browsers show no PDF in a sandbox. Their viewers run nothing that comes from the site's address.
    if response.has_header("Content-Disposition") and response["Content-Type"] != PDF:
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
