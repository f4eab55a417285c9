"""The petition on paper: the court's own form, filled in."""

import subprocess

import pytest
from django.urls import reverse

from cpor_cases.petitions import sheets
from tests.support import petitions

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(client, court):
    court.address = {"zh-hant": "臺北市中正區博愛路131號"}
    court.phone = "02-2314-6871"
    court.save()
    [petition] = petitions.fill_in(client, court, petitions.prepare(court))
    return petition


def test_the_pdf_reads_right(client, petition, tmp_path):
    response = client.get(reverse("petitions:pdf", args=[petition.number]))
    if response.status_code == 503:
        pytest.skip("WeasyPrint's libraries are not installed")
    file = tmp_path / "petition.pdf"
    file.write_bytes(response.content)

    first_page = subprocess.run(
        ["pdftotext", "-l", "1", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout

    text = "".join(first_page.split())
    for said in (
        "線上查詢案件進度聲請狀",
        "臺灣臺北地方法院",
        "115年度訴字第123號",
        "王大明",
        "0912-345-678",
        "wang@example.com",
        petition.grouped_number,
        "具狀人",
        "臺北市中正區博愛路131號",
        "中華民國115年" if petition.made_at.year == 2026 else "中華民國",
    ):
        assert said in text
    rows = fonts.splitlines()[2:]
    assert rows
    # Embedded, cut down to what is used, with the characters' names.
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows), fonts


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
