"""The petition on paper: the court's own form, filled in."""

from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.urls import reverse

from cpor_cases import tasks
from cpor_cases.petitions import sheets
from cpor_core.pdf import fonts, petition_pdf
from tests.support import petitions
from tests.support.pdf_files import are_embedded, first_page_of, fonts_of, pages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(client, court):
    court.address = {"zh-hant": "臺北市中正區博愛路131號"}
    court.phone = "02-2314-6871"
    court.save()
    [petition] = petitions.fill_in(client, court, petitions.prepare(court))
    return petition


def test_the_pdf_reads_right(client, petition):
    response = client.get(reverse("petitions:pdf", args=[petition.number]))
    if response.status_code == 503:
        pytest.skip("WeasyPrint's libraries are not installed")
    text = first_page_of(response.content)
    for said in (
        "線上查詢案件進度聲請狀",
        "臺灣臺北地方法院",
        "115年度訴字第123號",
        "王大明",
        "0912-345-678",
        "wang@example.com",
        petition.grouped_number,
        "具狀人",
        "中華民國115年" if petition.made_at.year == 2026 else "中華民國",
    ):
        assert said in text
    fonts = fonts_of(response.content)
    assert fonts
    assert are_embedded(fonts), fonts


def test_the_pdf_is_saved_under_a_chinese_name(client, petition):
    response = client.get(reverse("petitions:pdf", args=[petition.number]))
    if response.status_code == 503:
        pytest.skip("WeasyPrint's libraries are not installed")

    number = petition.grouped_number
    assert response["Content-Disposition"] == (
        f"inline; filename=\"petition-{number}.pdf\"; filename*=UTF-8''{quote('聲請狀')}-{number}.pdf"
    )


def test_the_page_that_the_person_keeps_says_where_to_ask(client, petition):
    pages = pages_of(pdf_of(client, petition))

    assert len(pages) == 2
    kept = "".join(pages[1].split())
    for said in (petition.grouped_number, "臺北市中正區博愛路131號", "/apply/status/", "不會另行通知"):
        assert said in kept


def test_the_longest_petition_is_handed_in_on_one_page(client, petition):
    petition.court.name = {"zh-hant": "臺灣高雄少年及家事法院"}
    petition.court.save()
    petition.applicant_name = "臺灣某某國際股份有限公司籌備處暨清算中分公司" * 2
    petition.address, petition.address_proved_at = f"{'a' * 60}@{'b' * 50}.example.com", None
    petition.case_year, petition.case_word, petition.case_serial = None, "", None
    petition.former_case = "臺灣高等法院臺南分院115年度家上易更一字第1234567號"
    petition.save()

    pages = pages_of(pdf_of(client, petition))

    assert "書記官" in pages[0]
    assert len(pages) == 2


def pdf_of(client, petition) -> bytes:
    response = client.get(reverse("petitions:pdf", args=[petition.number]))
    if response.status_code == 503:
        pytest.skip("WeasyPrint's libraries are not installed")
    return response.content


@pytest.fixture
def without_fonts(monkeypatch):
    """A machine on which no PDF can be made."""

    def fail(*_characters, **_options):
        raise fonts.FontMissing("The font is not installed.")

    cache.clear()
    petition_pdf._printed_faces.cache_clear()
    monkeypatch.setattr(fonts, "font_faces", fail)


@pytest.mark.usefixtures("without_fonts")
def test_where_no_pdf_can_be_made_the_page_still_prints(client, petition):
    answer = client.get(reverse("petitions:pdf", args=[petition.number]))

    assert answer.status_code == 503
    assert reverse("petitions:finished") in answer.content.decode()
    assert "王大明" in client.get(reverse("petitions:finished")).content.decode()


@pytest.mark.usefixtures("without_fonts")
def test_a_worker_without_fonts_starts_all_the_same():
    tasks.prepare_petition_pdfs.call_local()


def test_of_several_workers_that_start_one_cuts_the_fonts(monkeypatch):
    cuts = []
    cache.clear()
    petition_pdf._printed_faces.cache_clear()
    monkeypatch.setattr(fonts, "font_faces", lambda *_each, **_more: cuts.append("cut") or "faces")

    for _worker in range(3):
        tasks.prepare_petition_pdfs.call_local()
        petition_pdf._printed_faces.cache_clear()

    assert cuts == ["cut"]
    cache.clear()


def test_the_page_shows_the_same_paper(client, petition):
    page = client.get(reverse("petitions:finished")).content.decode()

    for said in ("王大明", petition.grouped_number, "02-2314-6871"):
        assert said in page


def test_the_qr_code_holds_the_number_alone(petition):
    assert sheets.qr_svg(petition.number) == sheets.qr_svg(petition.number)
    assert "<text" not in sheets.qr_svg(petition.number)


def test_the_paper_names_the_court_below(petition):
    petition.case_year, petition.case_word, petition.case_serial = None, "", None
    petition.former_case = "臺灣臺北地方法院115年度訴字第123號"

    notes = "".join(sheets._notes(petition))

    assert "原審案號：臺灣臺北地方法院115年度訴字第123號" in notes
