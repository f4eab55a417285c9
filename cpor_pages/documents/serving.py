"""How documents are served, and the fingerprint that their ETag is made of."""

from django.http import HttpRequest, HttpResponse
from django.http.request import HttpHeaders
from wagtail.documents.models import Document
from wagtail.documents.views.serve import serve as wagtail_serve
from wagtail.utils.file import hash_filelike

PDF = "application/pdf"


def note_new_file(document: Document) -> bool:
    """Set size and hash of a file that is about to be stored, for its ETag. Return False if there is no file."""
    if not document.file or document.file._committed:
        return False
    document.file_size = document.file.size
    document.file.seek(0)
    document.file_hash = hash_filelike(document.file)
    document.file.seek(0)
    return True


def keep_fingerprint(document: Document, request: HttpRequest) -> None:
    """Compute the hash of a document that has none, before Wagtail makes an empty ETag of it."""
    document.get_file_hash()


def serve(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponse:
    """Serve a document as Wagtail does, with headers that keep its content from running, and by its ETag alone."""
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
