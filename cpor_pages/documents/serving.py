"""How documents are served, and the fingerprint that their ETag is made of."""

import re

from django.http import HttpRequest, HttpResponse
from django.http.request import HttpHeaders
from wagtail.documents.models import Document
from wagtail.documents.views.serve import serve as wagtail_serve
from wagtail.utils.file import hash_filelike

from cpor_core.downloads import name_file

PDF = "application/pdf"
SERVED = "served_document"  # the attribute of the request that names it


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
    """Compute the hash of a document that has none, before Wagtail makes an empty ETag of it; note which one is served."""
    document.get_file_hash()
    setattr(request, SERVED, document)


def file_name_of(document: Document) -> str:
    """Return the name under which a document is saved: its title, which editors give it, and its ending.

    A title that ends in the name of its format, as those of the forms do (民事起訴狀 ODT), says that once.
    """
    ending = document.file_extension
    title = re.sub(rf"[\s.]*\b{re.escape(ending)}$", "", document.title, flags=re.IGNORECASE)
    return f"{title or document.title}.{ending}" if ending else document.title


def serve(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponse:
    """Serve a document as Wagtail does, with headers that keep its content from running, and by its ETag alone."""
    if request.META.get("HTTP_IF_NONE_MATCH"):
        # RFC 9110: the ETag alone decides. Wagtail asks both.
        request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
        request.headers = HttpHeaders(request.META)
    response = wagtail_serve(request, document_id, document_filename)
    if response.get("Content-Encoding") == "None":
        del response["Content-Encoding"]
    document = getattr(request, SERVED, None)
    if document and response.has_header("Content-Disposition"):
        is_inline = response["Content-Disposition"].startswith("inline")
        name_file(response, file_name_of(document), fallback=document.filename, is_inline=is_inline)
    # Browsers show no PDF in a sandbox. Their viewers run nothing that comes from the site's address.
    if response.has_header("Content-Disposition") and response["Content-Type"] != PDF:
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
