"""使用說明 as PDF: made from the page where that can be done, never silently older than it."""

import ctypes
import os
import subprocess
import sys

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.base import ContentFile
from pypdfium2 import raw
from wagtail.documents.models import Document

from cpor_pages import guide_pdf, pdf_fonts, tasks
from cpor_pages.models import GuidePage, GuidePdf
from cpor_pages.starter import packaged_guide
from tests.pages.conftest import read

LANGUAGES = ["zh-hant", "en"]


@pytest.fixture
def guide(public_site):
    return GuidePage.objects.get(locale__language_code="zh-hant")


@pytest.fixture
def can_make(guide):
    """Skipped where the libraries or the fonts are missing; never in CI."""
    try:
        guide_pdf.as_pdf(guide, made_on=guide.last_published_at.date())
    except guide_pdf.CannotMake as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture
def cannot_make(monkeypatch):
    def font_faces(characters):
        raise pdf_fonts.FontMissing("no font")

    monkeypatch.setattr(pdf_fonts, "font_faces", font_faces)


def rewrite(page: GuidePage, introduction: str) -> None:
    page.introduction = introduction
    page.save_revision().publish()
    page.refresh_from_db()


def download_of(client, prefix="") -> tuple[bytes, str]:
    """Return the PDF a reader gets by the page's link, and what the page says about it."""
    part = BeautifulSoup(client.get(f"{prefix}/guide/").content, "html.parser").find(class_="download")
    response = client.get(part.find("a")["href"], follow=True)
    assert response["Content-Type"] == "application/pdf"
    return read(response), part.get_text(" ")


def language_of(document: pypdfium2.PdfDocument) -> str:
    kept = ctypes.create_string_buffer(40)
    length = raw.FPDFCatalog_GetLanguage(document, ctypes.cast(kept, ctypes.POINTER(ctypes.c_ushort)), 40)
    return kept.raw[: length - 2].decode("utf-16-le")


def words_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    words = "".join(page.get_textpage().get_text_range() for page in document)
    return words.replace("\r\n", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_packaged_pdf_is_made_from_the_present_guide(language):
    assert packaged_guide.is_fresh(language), "run: make guide"


def test_the_packaged_forms_are_made_from_their_present_sources():
    # In a process of its own: reading any other open document changes how odfpy writes the next one.
    check = [sys.executable, "-m", "cpor_pages.starter.build_forms", "--check"]
    assert subprocess.run(check, cwd=settings.BASE_DIR, check=False).returncode == 0, "run: make forms"


@pytest.mark.parametrize(
    ("prefix", "title", "language"), [("", "使用說明", "zh-Hant"), ("/en", "Guide", "en")]
)
def test_a_new_house_offers_the_guide_as_tagged_pdf(public_site, client, prefix, title, language):
    content, said = download_of(client, prefix)

    document = pypdfium2.PdfDocument(content)
    assert raw.FPDFCatalog_IsTagged(document)
    assert document.get_metadata_value("Title").startswith(title)
    assert language_of(document) == language
    assert title in words_of(content)
    day = packaged_guide.day_of(content)
    assert str(day.year - 1911) in said
    assert "prevails" not in said


def test_the_pdf_holds_every_picture_with_its_words(guide):
    html = guide_pdf.as_html(guide, made_on=guide.last_published_at.date(), links_to="")
    pictures = BeautifulSoup(html, "html.parser").find_all("img")

    assert len(pictures) == 4
    assert all(picture["src"].startswith("data:image/") and picture["alt"] for picture in pictures)


def test_what_leads_into_the_site_is_a_link_only_in_a_house_s_own_pdf(guide):
    day = guide.last_published_at.date()

    assert 'href="/forms/"' in guide_pdf.as_html(guide, made_on=day, links_to="https://court.example")
    assert 'href="/forms/"' not in guide_pdf.as_html(guide, made_on=day, links_to="")


def test_a_published_change_is_in_the_pdf_too(guide, client, can_make):
    before = GuidePdf.objects.get(page=guide).document_id
    rewrite(guide, "新的一句說明")

    tasks.make_guide_pdf.call_local(guide.pk)

    content, said = download_of(client)
    assert "新的一句說明" in words_of(content)
    assert guide.pdf["is_older"] is False
    assert GuidePdf.objects.get(page=guide).document_id == before
    assert raw.FPDFCatalog_IsTagged(pypdfium2.PdfDocument(content))


def test_publishing_wakes_the_worker(guide, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(tasks, "make_guide_pdf", woken.append)

    with django_capture_on_commit_callbacks(execute=True):
        rewrite(guide, "新的一句說明")

    assert woken == [guide.pk]


def test_a_machine_that_cannot_make_it_says_that_the_page_is_newer(guide, client, cannot_make):
    rewrite(guide, "新的一句說明")

    tasks.make_older_guide_pdfs.call_local()

    content, _said = download_of(client)
    assert content == packaged_guide.read("zh-hant")
    assert guide.pdf["is_older"] is True
    html = BeautifulSoup(client.get("/guide/").content, "html.parser")
    assert html.find(class_="download").find("strong")


def test_a_guide_whose_pdf_is_up_to_date_is_left_alone(guide, monkeypatch):
    monkeypatch.setattr(guide_pdf, "as_pdf", lambda *args, **kwargs: pytest.fail("made again"))

    tasks.make_older_guide_pdfs.call_local()


def test_an_editor_s_own_pdf_is_offered_in_its_place(guide, client):
    own = Document.objects.create(title="手冊", file=ContentFile(b"%PDF-own", name="own.pdf"))
    guide.own_pdf = own
    guide.save_revision().publish()

    content, _said = download_of(client)

    assert content == b"%PDF-own"


def test_without_any_pdf_none_is_offered(guide, client):
    GuidePdf.objects.all().delete()

    assert b"download.pdf" not in client.get("/guide/").content
    assert client.get("/guide/download.pdf").status_code == 404
