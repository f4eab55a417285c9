"""Pictures of the forms: the first page of each PDF, drawn when a form is published and not when a visitor asks."""

import logging
from contextlib import closing
from io import BytesIO

import pypdfium2
from django.core.files.images import ImageFile
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from wagtail.documents.models import Document

from cpor_pages.documents.file_kinds import PDFIUM
from cpor_pages.models import CourtForm, FirstPage, FormVersion

WIDTH = 320  # twice as many as are shown: sharp on a phone

logger = logging.getLogger(__name__)


def draw_missing(form: CourtForm) -> None:
    """Draw the first page of each version whose PDF has no picture yet."""
    drawn = FirstPage.objects.values("document")
    for version in form.versions.exclude(pdf__in=drawn).select_related("pdf"):
        draw_first_page(version.pdf)


def draw_first_page(document: Document) -> FirstPage | None:
    """Make the picture of a PDF. A file that is no PDF gets none: its form is offered all the same, and editors are told."""
    try:
        content = _as_webp(document)
    except (pypdfium2.PdfiumError, IndexError, OSError):
        logger.warning("no picture could be made of document %s", document.pk)
        return None
    image = ImageFile(BytesIO(content), name=f"{document.pk}.webp")
    with transaction.atomic():
        # Whoever publishes the form in the same moment waits here, and finds the picture.
        document = Document.objects.select_for_update().get(pk=document.pk)
        drawn = FirstPage.objects.filter(document=document).first()
        return drawn or FirstPage.objects.create(document=document, image=image)


def draw_again(document: Document) -> None:
    """Make the picture anew, if there was one: the document has another file."""
    for picture in FirstPage.objects.filter(document=document):
        picture.delete()
        _delete_on_commit(picture.image)
        draw_first_page(document)


def _delete_on_commit(image: FieldFile) -> None:
    transaction.on_commit(lambda: image.delete(save=False), robust=True)


def undrawn() -> QuerySet:
    """Return the versions of public forms that show no picture: of their PDF none could be made."""
    return FormVersion.objects.filter(form__live=True, pdf__first_page=None)


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
