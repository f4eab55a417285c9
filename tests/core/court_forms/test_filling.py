"""A form filled with what the service knows of one application."""

import datetime as dt
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from cpor_core.case_numbers import CaseNumber
from cpor_core.court_forms import FORMS, form_of
from cpor_core.court_forms.filling import Facts, NumberLabel, fill
from cpor_core.pdf import html_writer, odt_writer

FACTS = Facts(
    court="臺灣臺北地方法院",
    category="civil",
    number=CaseNumber(115, "訴", 123),
    division="孝",
    cause="返還借款",
    name="王小明",
    role="原告",
    email="a__b@example.org",
    phone="0912-345678",
    language="zh-hant",
    date=dt.date(2026, 11, 30),
)
LABEL = NumberLabel("AB12-CD34", '<svg xmlns="http://www.w3.org/2000/svg"/>', ("請遞交臺灣臺北地方法院。",))


def page_of(slug: str, **facts) -> BeautifulSoup:
    petition = fill(form_of(slug), replace(FACTS, **facts), LABEL)
    return BeautifulSoup(html_writer.body(petition), "html.parser")


def cell_of(page: BeautifulSoup, label: str) -> str:
    """Return the text of the cell beside a label."""
    head = next(each for each in page.find_all("th") if label in each.get_text().replace("\u3000", ""))
    return head.find_next("td").get_text()


def ticked(page: BeautifulSoup) -> list[str]:
    return [each.get_text() for each in page.find_all("span", class_="column") if "■" in each.get_text()]


def test_every_fact_stands_where_the_form_asks_for_it():
    page = page_of("progress-application")

    assert cell_of(page, "法院") == "臺灣臺北地方法院"
    assert cell_of(page, "案號") == "115年度訴字第123號"
    assert cell_of(page, "股別") == "孝"
    assert cell_of(page, "姓名").startswith("王小明")
    assert cell_of(page, "其他身分").startswith("原告")
    assert cell_of(page, "聯絡電話") == "0912-345678"
    assert cell_of(page, "電子郵件").startswith("a__b@example.org")
    assert ticked(page) == ["■ 民事", "■ 當事人", "■ 中文"]
    assert page.find(class_="date").get_text() == "中　華　民　國　115　年　11　月　30　日"
    assert "此　致　臺灣臺北地方法院　　公　鑒" in page.get_text()
    assert "具狀人：王小明" in page.find(class_="signature").get_text()


def test_without_a_number_yet_its_place_stays_open():
    assert (
        cell_of(page_of("progress-application", number=None), "案號")
        == "　　　　年度　　　　　字第　　　　　號"
    )


@pytest.mark.parametrize(
    ("category", "role", "boxes"),
    [
        ("civil", "訴訟代理人", ["■ 民事", "■ 訴訟代理人", "■ 中文"]),
        ("administrative", "被告機關", ["■ 行政訴訟", "■ 當事人", "■ 中文"]),
        ("criminal", "被告", ["■ 刑事", "■ 被告", "■ 中文"]),
        ("criminal", "輔佐人", ["■ 刑事", "■ 輔佐人", "■ 中文"]),
        ("criminal", "選任辯護人", ["■ 刑事", "■ 中文"]),
    ],
)
def test_the_role_is_ticked_in_its_branch_of_law(category, role, boxes):
    assert ticked(page_of("progress-application", category=category, role=role)) == boxes


def test_a_role_without_a_box_is_written_out():
    assert cell_of(
        page_of("progress-application", category="criminal", role="選任辯護人"), "其他身分"
    ).startswith("選任辯護人")
    assert (
        "■ 其他：選任辯護人"
        in page_of("criminal-petition", category="criminal", role="選任辯護人").get_text()
    )


@pytest.mark.parametrize(
    ("slug", "role", "title"),
    [
        ("civil-complaint", "原告", "原告"),
        ("family-complaint", "訴訟代理人", "訴訟代理人"),
        ("criminal-complaint", "自訴人", "自訴人"),
        ("criminal-complaint", "自訴代理人", "自訴代理人"),
        ("administrative-complaint", "原告", "原告"),
        ("criminal-petition", "辯護人", "辯護人"),
    ],
)
def test_who_applies_stands_in_the_line_of_that_party(slug, role, title):
    page = page_of(slug, category=slug.partition("-")[0], role=role)

    assert cell_of(page, title) == "王小明"
    assert "■ 聲請使用「案件進度線上查詢服務」" in page.get_text()


def test_an_administrative_court_and_its_bench_have_their_places():
    text = page_of("administrative-complaint", court="臺北高等行政法院 地方庭").get_text()

    assert "臺北高等行政法院　□ 高等行政訴訟庭　■ 地方行政訴訟庭" in text


def test_the_label_holds_the_number_its_picture_and_what_to_do():
    page = page_of("progress-application")

    assert page.find("h1").find_next("table").get_text() == "聲請狀編號　AB12-CD34請遞交臺灣臺北地方法院。"
    assert page.find("img")["alt"] == "聲請狀編號 AB12-CD34 的二維條碼"


def test_a_blank_form_has_nothing_filled_in():
    for form in FORMS:
        html = html_writer.body(form)

        assert "■" not in html
        assert 'class="filled"' not in html


def test_what_was_typed_is_escaped():
    assert page_of("progress-application", name="<script>alert(1)</script>").find("script") is None


def test_the_same_petition_is_an_odt_as_well():
    petition = fill(form_of("civil-complaint"), FACTS, LABEL)

    content = odt_writer.parts(odt_writer.write(petition))["content.xml"].decode()

    assert "王小明" in content
    assert "聲請狀編號 AB12-CD34 的二維條碼" in content
