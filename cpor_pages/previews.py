"""Pictures of the forms: the first page of each PDF, drawn when a form is published and not when a visitor asks."""

import logging
from contextlib import closing
from io import BytesIO

import pypdfium2
from django.core.files.images import ImageFile
from wagtail.documents.models import Document

from .file_kinds import PDFIUM
from .models import CourtForm, FirstPage

WIDTH = 320  # twice as many as are shown: sharp on a phone

logger = logging.getLogger(__name__)


def draw_missing(form: CourtForm) -> None:
    """Draw the first page of each version whose PDF has no picture yet."""
    drawn = FirstPage.objects.values("document")
    for version in form.versions.exclude(pdf__in=drawn).select_related("pdf"):
        draw_first_page(version.pdf)


def draw_first_page(document: Document) -> FirstPage | None:
    """Make the picture of a PDF. A file that is no PDF gets none: its form is offered all the same."""
    try:
        content = _as_webp(document)
    except pypdfium2.PdfiumError:
        logger.warning("no picture could be made of document %s", document.pk)
        return None
    return FirstPage.objects.create(
        document=document, image=ImageFile(BytesIO(content), name=f"{document.pk}.webp")
    )


def _as_webp(document: Document) -> bytes:
    with document.open_file() as file:
        paper = file.read()
    with PDFIUM, closing(pypdfium2.PdfDocument(paper)) as pdf:
        page = pdf[0]
        picture = page.render(scale=WIDTH / page.get_width()).to_pil()
    content = BytesIO()
    # A quarter of the bytes of a PNG, and as legible at this size.
    picture.convert("RGB").save(content, "WEBP", quality=60, method=6)
    return content.getvalue()
