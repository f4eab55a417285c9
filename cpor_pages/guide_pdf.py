"""The guide as a tagged PDF, made from its page by the worker where WeasyPrint's libraries and the fonts are at hand."""

import datetime as dt
import logging
from base64 import b64encode
from pathlib import PurePosixPath

from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from wagtail.documents.models import Document
from wagtail.images.models import Rendition

from . import pdf_fonts
from .addresses import absolute
from .models import GuidePage, GuidePdf

TEMPLATE = "cpor_pages/guide_pdf.html"
STYLES = "css/guide-pdf.css"

logger = logging.getLogger(__name__)


class CannotMake(Exception):
    """The machine lacks what it takes to make a PDF."""


def make_if_older(page: GuidePage) -> None:
    """Bring a guide's PDF up to its live revision. Where none can be made, the page says that the old one is older."""
    made = GuidePdf.objects.filter(page=page).first()
    if page.own_pdf or (made and made.revision_id == page.live_revision_id):
        return
    try:
        content = as_pdf(page, made_on=timezone.localdate(), links_to=settings.BASE_URL)
    except CannotMake as error:
        logger.warning("the guide's PDF stays as it is: %s", error)
    else:
        keep(page, content, made_on=timezone.localdate())


@transaction.atomic
def keep(page: GuidePage, content: bytes, *, made_on: dt.date) -> None:
    """Offer a PDF as made from the page as it is now, in place of the one before."""
    # Of the page, which is there the first time, too.
    GuidePage.objects.select_for_update().get(pk=page.pk)
    made = GuidePdf.objects.filter(page=page).first() or GuidePdf(page=page)
    document = made.document if made.pk else Document()
    before = document.file.name
    document.title = f"{page.title} PDF"
    document.file = ContentFile(content, name=f"guide-{page.locale.language_code}.pdf")
    document.save()
    made.document, made.revision_id, made.made_on = document, page.live_revision_id, made_on
    made.save()
    if before:
        transaction.on_commit(lambda: default_storage.delete(before), robust=True)


def as_pdf(
    page: GuidePage, *, made_on: dt.date, links_to: str = "", identifier: bytes | None = None
) -> bytes:
    """Return the page as PDF/UA. Without an address for them, links within the site become plain words."""
    # Only here: everything else must work on a machine without the libraries.
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise CannotMake(
            "WeasyPrint lacks its libraries (Debian: libpango-1.0-0 libpangoft2-1.0-0)"
        ) from error
    html, fonts = as_html(page, made_on=made_on, links_to=links_to), FontConfiguration()
    try:
        faces = pdf_fonts.font_faces(pdf_fonts.characters_of([html]))
    except pdf_fonts.FontMissing as error:
        raise CannotMake(str(error)) from error
    styles = [CSS(string=faces, font_config=fonts), CSS(filename=finders.find(STYLES), font_config=fonts)]
    # Nothing is fetched, from nowhere: the pictures are in the page.
    source = HTML(string=html, base_url=links_to or None, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    return source.write_pdf(
        stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=identifier
    )


def as_html(page: GuidePage, *, made_on: dt.date, links_to: str) -> str:
    """Return the page as one piece for paper: its own blocks, its pictures inside."""
    code = page.locale.language_code
    with translation.override(code):
        address = absolute(page.url) if links_to else ""
        context = {"page": page, "made_on": made_on, "address": address, "language": code}
        soup = BeautifulSoup(render_to_string(TEMPLATE, context), "html.parser")
    for picture in soup.find_all("img"):
        picture["src"] = _data_address(picture["src"].removeprefix(settings.MEDIA_URL))
    if not links_to:
        for link in soup.find_all("a", href=lambda href: href.startswith("/")):
            link.unwrap()
    return str(soup)


def _data_address(name: str) -> str:
    """Return a picture's content as its address. A PNG goes in as it was uploaded: screens stay sharp and small."""
    shown = Rendition.objects.select_related("image").filter(file=name).first()
    if shown and shown.image.file.name.endswith(".png"):
        name = shown.image.file.name
    kind = PurePosixPath(name).suffix.removeprefix(".")
    with default_storage.open(name) as file:
        return f"data:image/{kind};base64,{b64encode(file.read()).decode()}"
