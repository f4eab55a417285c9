"""The built files of every form: what a reader, a screen reader and an office program find in them."""

import zipfile
from pathlib import Path

import pypdfium2
import pytest
from defusedxml import ElementTree
from pypdfium2 import raw

from cpor_core.case_numbers import CaseNumber
from cpor_core.court_forms import FORMS, form_of
from cpor_core.court_forms.filling import Facts, NumberLabel, fill
from cpor_core.pdf import petition_pdf
from cpor_pages.starter.load import FORMS as FOLDER
from tests.support.pdf_files import are_embedded, fonts_of, text_of

COMPLAINTS = {
    "civil-complaint": ["原　告", "被　告", "訴之聲明", "事實及理由", "證物名稱", "公　鑒"],
    "family-complaint": ["原　告", "被　告", "訴之聲明", "事實及理由", "家事法庭", "公　鑒"],
    "administrative-complaint": [
        "原　告",
        "被　告",
        "原 處 分",
        "訴願決定",
        "訴之聲明",
        "公　鑒",
    ],
    "criminal-complaint": ["自訴人", "被　告", "犯罪事實", "所犯法條", "證物名稱", "刑事庭"],
}


def each_once(words: list[str], text: str) -> list[int]:
    return [text.index(word) for word in words]


@pytest.mark.parametrize("slug", COMPLAINTS)
def test_a_complaint_has_its_parts_in_the_order_of_the_courts(slug):
    document = pypdfium2.PdfDocument((FOLDER / f"{slug}.pdf").read_bytes())
    text = "".join(page.get_textpage().get_text_range() for page in document)

    places = each_once([*COMPLAINTS[slug], "具狀人", "撰狀人"], text)

    assert places == sorted(places)
    assert "聲請使用「案件進度線上查詢服務」" in text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
def test_every_pdf_is_tagged_titled_and_chinese(form):
    document = pypdfium2.PdfDocument((FOLDER / f"{form.slug}.pdf").read_bytes())

    assert raw.FPDFCatalog_IsTagged(document)
    assert document.get_metadata_value("Title") == form.title_zh


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
def test_every_odt_is_whole_and_names_each_of_its_styles(form):
    with zipfile.ZipFile(Path(FOLDER / f"{form.slug}.odt")) as odt:
        assert odt.infolist()[0].filename == "mimetype"
        assert odt.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        content, styles = (ElementTree.fromstring(odt.read(f"{part}.xml")) for part in ("content", "styles"))

    name = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}name"
    defined = {each.get(name) for part in (content, styles) for each in part.iter() if each.get(name)}
    used = {
        value for each in content.iter() for key, value in each.attrib.items() if key.endswith("}style-name")
    }
    assert used <= defined


def test_a_petition_reads_right_and_has_its_fonts_inside():
    facts = Facts(
        court="臺灣臺北地方法院",
        category="civil",
        number=CaseNumber(115, "訴", 123),
        name="王小明",
        role="原告",
        email="wang@example.org",
    )

    pdf = petition_pdf.make(fill(form_of("progress-application"), facts, NumberLabel("AB12-CD34", "<svg/>")))

    text = text_of(pdf)
    for fact in ("AB12-CD34", "臺灣臺北地方法院", "115年度訴字第123號", "王小明", "wang@example.org"):
        assert fact in text
    fonts = fonts_of(pdf)
    assert fonts
    assert are_embedded(fonts), fonts
    assert len(pypdfium2.PdfDocument(pdf)) == 2
