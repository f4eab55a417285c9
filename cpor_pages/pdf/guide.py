"""The guide as a tagged PDF, made from its page by the worker where WeasyPrint's libraries and the fonts are at hand."""

import datetime as dt
import logging
from base64 import b64encode
from collections.abc import Sequence
from pathlib import PurePosixPath

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.encoding import uri_to_iri
from wagtail.documents.models import Document
from wagtail.images.models import Rendition

from cpor_core import conf
from cpor_core.links import absolute
from cpor_core.pdf import fonts as fonts_module
from cpor_pages.models import GuidePage, GuidePdf

TEMPLATE = "cpor_pages/guide_pdf.html"
STYLES = "cpor/css/guide-pdf.css"

logger = logging.getLogger(__name__)


class CannotMake(Exception):
    """WeasyPrint's libraries or the fonts are not installed."""


def make_if_older(page: GuidePage) -> None:
    """Make the PDF of a guide again if the page has a newer live revision or the site another BASE_URL.

    Where none can be made, the page says that the old one is older.
    """
    made, base = GuidePdf.objects.filter(page=page).first(), conf.BASE_URL
    is_older = made is None or made.revision_id != page.live_revision_id
    leads_elsewhere = made is None or made.links_to != base
    if page.own_pdf or not (is_older or leads_elsewhere):
        return
    try:
        content = as_pdf(page, made_on=timezone.localdate(), links_to=base)
    except CannotMake as error:
        logger.log(logging.WARNING if is_older else logging.INFO, "the guide's PDF stays as it is: %s", error)
    else:
        keep(page, content, made_on=timezone.localdate(), links_to=base)


@transaction.atomic
def keep(page: GuidePage, content: bytes, *, made_on: dt.date, links_to: str = "") -> None:
    """Offer a PDF as made from the page as it is now, in place of the one before. `links_to`: as for `as_pdf`."""
    # Of the page, which is there the first time, too.
    GuidePage.objects.select_for_update().get(pk=page.pk)
    made = GuidePdf.objects.filter(page=page).first() or GuidePdf(page=page)
    document = made.document if made.pk else Document()
    before = document.file.name
    document.title = f"{page.title} PDF"
    document.file = ContentFile(content, name=f"guide-{page.locale.language_code}.pdf")
    document.save()
    made.document, made.revision_id, made.made_on = document, page.live_revision_id, made_on
    made.links_to = links_to
    made.save()
    if before:
        transaction.on_commit(lambda: default_storage.delete(before), robust=True)


def as_pdf(
    page: GuidePage, *, made_on: dt.date, links_to: str = "", identifier: bytes | None = None
) -> bytes:
    """Return the page as PDF/UA, with each link's address in print.

    Without the site's address, links within it are relative: a browser that shows the site's file follows them.
    """
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
        faces = fonts_module.font_faces(fonts_module.characters_of([html]))
    except fonts_module.FontMissing as error:
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
        picture["src"] = _data_address(str(picture["src"]).removeprefix(settings.MEDIA_URL))
    for link in soup.find_all("a", href=lambda href: href and not href.startswith("#")):
        target = str(link["href"])
        if target.startswith("/"):
            target = links_to.rstrip("/") + target
        link["href"] = target
        _print_address(
            link, target, brackets="（）" if code.startswith("zh") else ("\N{NO-BREAK SPACE}(", ")")
        )
    return str(soup)


def _print_address(link: Tag, target: str, *, brackets: Sequence[str]) -> None:
    """Append a link's URL to its text, unless the text is the URL, so that a printed page shows it."""
    shown = uri_to_iri(target.removeprefix("mailto:").removeprefix("tel:"))
    if link.get_text(strip=True) in {shown, target}:
        return
    address = BeautifulSoup().new_tag("span", attrs={"class": "address"})
    address.string = shown.join(brackets)
    link.insert_after(address)


def _data_address(name: str) -> str:
    """Return a picture's content as its address. A PNG goes in as it was uploaded: screens stay sharp and small."""
    shown = Rendition.objects.select_related("image").filter(file=name).first()
    if shown and shown.image.file.name.endswith(".png"):
        name = shown.image.file.name
    kind = PurePosixPath(name).suffix.removeprefix(".")
    with default_storage.open(name) as file:
        return f"data:image/{kind};base64,{b64encode(file.read()).decode()}"
