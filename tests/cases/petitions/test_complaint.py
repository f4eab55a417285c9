"""The complaint with which a petition is handed in: filled in with what its person has already typed."""

from urllib.parse import quote

import pytest
from django.urls import reverse
from odf.opendocument import load
from odf.teletype import extractText

from cpor_core.models import Court
from tests.support import petitions
from tests.support.pdf_files import pages_of
from tests.support.petitions import prepare

pytestmark = pytest.mark.django_db
KNOWN = ("臺灣臺北地方法院", "王大明", "wang@example.com")


def fill_in(client, court: Court, *, category="civil", role_name="當事人", **facts):
    role = prepare(court, category=category)
    role.name = {"zh-hant": role_name}
    role.save()
    [petition] = petitions.fill_in(client, court, role, **facts)
    return petition


def ask(client, petition, kind="odt"):
    return client.get(reverse(f"petitions:complaint_{kind}", args=[petition.number]))


def text_of(answer, tmp_path) -> str:
    file = tmp_path / "complaint.odt"
    file.write_bytes(answer.content)
    return extractText(load(file).body)


@pytest.mark.parametrize(
    ("category", "role_name", "title"),
    [
        ("civil", "原告", "民事起訴狀"),
        ("family", "訴訟代理人", "家事起訴狀"),
        ("administrative", "當事人", "行政訴訟起訴狀"),
        ("criminal", "自訴人", "刑事自訴狀"),
    ],
)
def test_who_begins_a_case_gets_its_complaint_filled_in(client, court, tmp_path, category, role_name, title):
    petition = fill_in(client, court, category=category, role_name=role_name, number=None)

    answer = ask(client, petition)

    text = text_of(answer, tmp_path)
    assert title in text.replace("\u3000", "").replace(" ", "")
    for known in ("王大明", "wang@example.com"):
        assert known in text
    assert answer["Content-Disposition"].endswith(f"filename*=UTF-8''{quote(title)}.odt")


def test_the_finished_page_leads_to_it_and_says_what_is_left_to_write(client, court):
    petition = fill_in(client, court, number=None)

    page = client.get(reverse("petitions:finished")).content.decode()

    for kind in ("odt", "pdf"):
        assert reverse(f"petitions:complaint_{kind}", args=[petition.number]) in page


def test_the_pdf_of_it_reads_right(client, court):
    petition = fill_in(client, court, number=None)

    answer = ask(client, petition, "pdf")
    if answer.status_code == 503:
        pytest.skip("WeasyPrint's libraries are not installed")

    text = "".join(pages_of(answer.content))
    for known in KNOWN:
        assert known in text


@pytest.mark.parametrize(
    ("category", "role_name", "number"),
    [
        ("civil", "當事人", "115年度訴字第123號"),
        ("civil", "被告", None),
        ("civil", "參加人", None),
        ("criminal", "被告", None),
        ("criminal", "告訴人", None),
    ],
)
def test_nobody_else_is_offered_one(client, court, category, role_name, number):
    petition = fill_in(client, court, category=category, role_name=role_name, number=number)

    assert ask(client, petition).status_code == 404
    assert "complaint." not in client.get(reverse("petitions:finished")).content.decode()


def test_another_browser_does_not_get_it(client, court):
    petition = fill_in(client, court, number=None)

    assert ask(type(client)(), petition).url == reverse("petitions:status")


def test_a_case_that_goes_on_in_the_next_instance_has_begun(client, court):
    petition = fill_in(client, court, number=None)
    petition.former_case = "115年度訴字第1號"
    petition.save()

    assert ask(client, petition).status_code == 404
