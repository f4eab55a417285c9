"""使用說明 as PDF: made from the page where that can be done, never silently older than it."""

import ctypes
import subprocess
import sys

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.base import ContentFile
from pypdfium2 import raw
from wagtail.documents.models import Document
from wagtail.rich_text import RichText

from cpor_core import conf
from cpor_core.pdf import fonts
from cpor_pages import tasks
from cpor_pages.models import GuidePage, GuidePdf
from cpor_pages.pdf import guide as guide_module
from cpor_pages.starter import packaged_guide
from tests.support.programs import skip_unless_ci
from tests.support.responses import read
from tools import build_guide

LANGUAGES = ["zh-hant", "en"]


@pytest.fixture
def guide(public_site):
    return GuidePage.objects.get(locale__language_code="zh-hant")


@pytest.fixture
def can_make(guide):
    """Skipped where the libraries or the fonts are missing; never in CI."""
    guide.body = []  # enough to know whether anything can be made
    try:
        guide_module.as_pdf(guide, made_on=guide.last_published_at.date())
    except guide_module.CannotMake as error:
        skip_unless_ci(str(error))
    guide.refresh_from_db()


@pytest.fixture
def cannot_make(monkeypatch):
    def font_faces(characters):
        raise fonts.FontMissing("no font")

    monkeypatch.setattr(fonts, "font_faces", font_faces)


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


def links_of(content: bytes) -> list[str]:
    """Return the addresses a PDF's links lead to, in their order; one that is broken over two lines once."""
    document, found = pypdfium2.PdfDocument(content), {}
    for page in document:
        place, link = ctypes.c_int(0), raw.FPDF_LINK()
        while raw.FPDFLink_Enumerate(page, place, link):
            kept = ctypes.create_string_buffer(500)
            raw.FPDFAction_GetURIPath(document, raw.FPDFLink_GetAction(link), kept, 500)
            found[kept.value.decode()] = None
    return list(found)


def words_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    words = "".join(page.get_textpage().get_text_range() for page in document)
    return words.replace("\r\n", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_packaged_pdf_is_made_from_the_present_guide(language):
    assert build_guide.is_fresh(language), "run: make guide"


def test_the_packaged_forms_are_made_from_their_present_sources():
    # In a process of its own: reading any other open document changes how odfpy writes the next one.
    check = [sys.executable, "-m", "tools.build_forms", "--check"]
    assert subprocess.run(check, cwd=settings.BASE_DIR, check=False).returncode == 0, "run: make forms"


@pytest.mark.parametrize(
    ("prefix", "title", "language"), [("", "使用說明", "zh-Hant"), ("/en", "Guide", "en")]
)
def test_a_new_site_offers_the_guide_as_tagged_pdf(public_site, client, prefix, title, language):
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
    html = guide_module.as_html(guide, made_on=guide.last_published_at.date(), links_to="")
    pictures = BeautifulSoup(html, "html.parser").find_all("img")

    assert len(pictures) == 10
    assert all(picture["src"].startswith("data:image/") and picture["alt"] for picture in pictures)


HALF_A4, ABOVE_THE_FOOTER = 421, 63  # points


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_packaged_pdf_but_the_last_is_half_empty(language):
    *pages, _last = pypdfium2.PdfDocument(packaged_guide.read(language))

    assert pages
    for page in pages:
        bottoms = [thing.get_bounds()[1] for thing in page.get_objects()]
        assert min(bottom for bottom in bottoms if bottom > ABOVE_THE_FOOTER) < HALF_A4


@pytest.mark.parametrize(("language", "prefix"), [("zh-hant", ""), ("en", "/en")])
def test_the_packaged_pdf_s_links_stand_in_print_too(language, prefix):
    content = packaged_guide.read(language)

    assert links_of(content) == [f"{prefix}/forms/", f"{prefix}/apply/"]
    for address in links_of(content):
        assert address in words_of(content)


def test_the_links_of_a_site_s_own_pdf_lead_to_the_site(guide):
    html = guide_module.as_html(
        guide, made_on=guide.last_published_at.date(), links_to="https://court.example/"
    )
    link = BeautifulSoup(html, "html.parser").find("a", href="https://court.example/forms/")

    assert link.text == "書狀下載"
    assert link.next_sibling.text == "（https://court.example/forms/）"


@pytest.mark.parametrize(
    ("link", "printed"),
    [
        ('<a href="mailto:a@court.example">寫信</a>', "寫信（a@court.example）"),
        ('<a href="https://court.example/%E6%9B%B8/">書</a>', "書（https://court.example/書/）"),
        ('<a href="https://court.example/">https://court.example/</a>', "https://court.example/"),
        ('<a href="tel:02">02</a>', "02"),
        ('<a href="#part">段</a>', "段"),
    ],
)
def test_an_address_is_printed_once_and_as_people_write_it(guide, link, printed):
    guide.body = [("text", RichText(f"<p>{link}</p>"))]
    html = guide_module.as_html(
        guide, made_on=guide.last_published_at.date(), links_to="https://court.example"
    )

    assert BeautifulSoup(html, "html.parser").find(class_="body").text.strip() == printed


def test_a_published_change_is_in_the_pdf_too(guide, client, can_make):
    before = GuidePdf.objects.get(page=guide).document_id
    rewrite(guide, "新的一句說明")

    tasks.make_guide_pdf.call_local(guide.pk)

    content, said = download_of(client)
    assert "新的一句說明" in words_of(content)
    assert f"{conf.BASE_URL}/forms/" in links_of(content)
    assert guide.pdf["is_older"] is False
    assert GuidePdf.objects.get(page=guide).document_id == before
    assert raw.FPDFCatalog_IsTagged(pypdfium2.PdfDocument(content))


def test_publishing_activates_the_worker(guide, monkeypatch, django_capture_on_commit_callbacks):
    activated = []
    monkeypatch.setattr(tasks, "make_guide_pdf", lambda key, priority: activated.append(key))

    with django_capture_on_commit_callbacks(execute=True):
        rewrite(guide, "新的一句說明")

    assert activated == [guide.pk]


def test_a_machine_that_cannot_make_it_says_that_the_page_is_newer(guide, client, cannot_make):
    rewrite(guide, "新的一句說明")

    tasks.make_older_guide_pdfs.call_local()

    content, _said = download_of(client)
    assert content == packaged_guide.read("zh-hant")
    assert guide.pdf["is_older"] is True
    html = BeautifulSoup(client.get("/guide/").content, "html.parser")
    assert html.find(class_="download").find("strong")


def test_the_packaged_pdf_gives_way_to_one_that_knows_the_site_s_address(guide, monkeypatch):
    made_for = []
    monkeypatch.setattr(guide_module, "as_pdf", lambda page, **facts: made_for.append(facts) or b"%PDF-own")

    guide_module.make_if_older(guide)
    guide_module.make_if_older(guide)

    assert [facts["links_to"] for facts in made_for] == [conf.BASE_URL]
    assert GuidePdf.objects.get(page=guide).links_to == conf.BASE_URL


def test_a_machine_that_cannot_make_it_keeps_the_packaged_pdf_without_a_word(guide, cannot_make, caplog):
    guide_module.make_if_older(guide)

    assert guide.pdf["is_older"] is False
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_a_guide_whose_pdf_is_up_to_date_is_left_alone(guide, monkeypatch):
    GuidePdf.objects.update(links_to=conf.BASE_URL)
    monkeypatch.setattr(guide_module, "as_pdf", lambda *args, **kwargs: pytest.fail("made again"))

    tasks.make_older_guide_pdfs.call_local()


def test_an_editor_s_own_pdf_is_offered_in_its_place(guide, client):
    pdf = packaged_guide.read("en")
    own = Document.objects.create(title="手冊", file=ContentFile(pdf, name="own.pdf"))
    guide.own_pdf = own
    guide.save_revision().publish()

    content, _said = download_of(client)

    assert content == pdf


def test_without_any_pdf_none_is_offered(guide, client):
    GuidePdf.objects.all().delete()

    assert b"download.pdf" not in client.get("/guide/").content
    assert client.get("/guide/download.pdf").status_code == 404
