"""What is counted for editors, and that nothing else is kept."""

import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.documents.models import Document

from cpor_core import signals
from cpor_pages.models import (
    AnswerCounter,
    AnswerPage,
    CourtForm,
    DownloadCounter,
    FormVersion,
    SearchMissCounter,
)
from cpor_pages.office import counters, download_counts
from tests.support.responses import read

REPORTS = ["downloads_report", "votes_report", "misses_report"]
MONTH = dt.date(2026, 10, 1)


def make_vote(client, helpful: str):
    answer = AnswerPage.objects.get(slug="dates", locale__language_code="zh-hant")
    return client.post(reverse("answer_vote", args=[answer.pk]), {"helpful": helpful})


def test_a_download_is_counted_by_month(public_site, client):
    document = CourtForm.objects.get(slug="civil-complaint").current_version.pdf

    for _time in range(2):
        read(client.get(document.url))

    assert DownloadCounter.objects.get(document=document).count == 2


def test_a_head_request_for_a_file_is_not_counted(public_site, client):
    document = CourtForm.objects.get(slug="civil-complaint").current_version.pdf

    read(client.head(document.url))
    read(client.get(document.url, headers={"Range": "bytes=0-9"}))

    assert not DownloadCounter.objects.exists()


def test_a_vote_is_counted_and_thanked_for(public_site, client):
    make_vote(client, "yes")
    response = make_vote(client, "no")

    counter = AnswerCounter.objects.get()
    assert (counter.helpful, counter.unhelpful) == (1, 1)
    assert client.get(response.url).status_code == 200
    assert not client.cookies


def test_one_reader_does_not_count_as_many(public_site, client):
    for _time in range(15):
        make_vote(client, "yes")

    assert AnswerCounter.objects.get().helpful == 10


def test_a_vote_that_says_nothing_is_not_counted(public_site, client):
    make_vote(client, "perhaps")

    assert not AnswerCounter.objects.exists()


def test_a_search_in_vain_is_counted(public_site, client):
    for query in ("長頸鹿", " 長頸鹿 "):
        client.get("/search/", {"q": query})

    assert SearchMissCounter.objects.get().query == "長頸鹿"
    assert SearchMissCounter.objects.get().count == 2


def test_who_searches_in_vain_without_end_fills_no_table(public_site, client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"search_miss": "2/m/ip"}

    answers = [client.get("/search/", {"q": f"長頸鹿{word}"}) for word in "甲乙丙"]

    assert {answer.status_code for answer in answers} == {200}
    assert SearchMissCounter.objects.count() == 2


@pytest.mark.parametrize(
    "query", ["115年度訴字第99999號", "somebody@example.com", "０９１２３４５６７８", "\x00"]
)
def test_what_may_be_personal_is_not_kept(public_site, client, query):
    client.get("/search/", {"q": query})

    assert not SearchMissCounter.objects.exists()


def test_a_search_for_somebody_who_is_forgotten_goes_however_the_name_was_spelled(db):
    counters.count_miss("Ｊｏｈｎ  SMITH")

    signals.forgotten.send(None, words={"John\u3000 Smith"})

    assert not SearchMissCounter.objects.exists()


@pytest.mark.parametrize("name", REPORTS)
def test_editors_read_the_counts(client, editor, name):
    read(client.get(CourtForm.objects.get(slug="civil-complaint").current_version.pdf.url))
    make_vote(client, "yes")
    client.get("/search/", {"q": "長頸鹿"})
    client.force_login(editor)

    html = client.get(reverse(name)).content.decode()

    assert "<meter" in html
    assert client.get(reverse(name), {"export": "xlsx"}).status_code == 200


def fetched(document: Document, count: int, month: dt.date = MONTH) -> None:
    DownloadCounter.objects.create(document=document, month=month, count=count)


def make_version_of_long_ago(form: CourtForm) -> FormVersion:
    pdf, odt = (
        Document.objects.create(title=f"舊 {kind}", file=ContentFile(b"x", f"old.{kind}"))
        for kind in ("pdf", "odt")
    )
    return FormVersion.objects.create(form=form, version_date=dt.date(2020, 1, 1), pdf=pdf, odt=odt)


def test_forms_are_counted_by_month_all_versions_together_and_each_format_apart(public_site):
    form = CourtForm.objects.get(slug="civil-complaint")
    older = make_version_of_long_ago(form)
    fetched(form.current_version.pdf, 5)
    fetched(older.pdf, 2)
    fetched(older.odt, 1)
    fetched(form.current_version.pdf, 9, dt.date(2026, 9, 1))

    rows = [row for row in download_counts.fetched_by_month() if row["form"] == form.pk]

    assert [(row["month"], row["odt"], row["pdf"], row["docx"], row["total"]) for row in rows] == [
        (MONTH, 1, 7, 0, 8),
        (dt.date(2026, 9, 1), 0, 9, 0, 9),
    ]
    assert rows[0]["title"] == "民事起訴狀"


def test_a_file_of_no_form_is_counted_by_its_own_title(public_site):
    fetched(Document.objects.create(title="使用說明 PDF", file=ContentFile(b"x", "guide.pdf")), 3)

    row = download_counts.fetched_by_month().get()

    assert (row["title"], row["form"], row["total"]) == ("使用說明 PDF", None, 3)


def test_the_months_are_drawn_twelve_at_a_time_empty_ones_too(public_site, monkeypatch):
    monkeypatch.setattr(download_counts, "this_month", lambda: dt.date(2026, 11, 1))
    form = CourtForm.objects.get(slug="civil-complaint")
    fetched(form.current_version.pdf, 5)
    fetched(form.current_version.odt, 2)
    fetched(form.current_version.pdf, 7, dt.date(2025, 11, 1))

    drawn = download_counts.totals_by_month(download_counts.fetched_by_month())

    assert len(drawn) == 12
    assert (drawn[0], drawn[-2], drawn[-1]) == (("2025-12", 0), ("2026-10", 7), ("2026-11", 0))


def test_the_report_is_narrowed_down_to_one_form_with_its_drawing(client, editor):
    complaint, petition = (CourtForm.objects.get(slug=slug) for slug in ("civil-complaint", "civil-petition"))
    for form, count in ((complaint, 4), (petition, 11)):
        fetched(form.current_version.pdf, count, download_counts.this_month())
    client.force_login(editor)

    whole, one = (
        BeautifulSoup(client.get(reverse("downloads_report"), query).content, "html.parser").find(
            id="listing-results"
        )
        for query in ({}, {"form": complaint.pk})
    )

    assert "15" in whole.find("desc").text
    assert "4" in one.find("desc").text
    assert [
        row.find_all("td")[1].get_text(strip=True)
        for row in one.select("table.listing > tbody > tr")
        if len(row("td")) > 3
    ] == [complaint.title]


def test_what_an_outsider_typed_runs_in_no_spreadsheet_of_an_editor(client, editor):
    client.get("/search/", {"q": "=cmd|' /C calc'!A"})
    client.force_login(editor)

    text = client.get(reverse("misses_report"), {"export": "csv"}).content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(client.get(reverse("misses_report"), {"export": "xlsx"}).content)).active

    assert ",'=cmd" in text
    assert sheet["B2"].value == "'=cmd|' /c calc'!a"
    assert client.get(reverse("misses_report"), {"export": "csv"}).content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", REPORTS)
def test_clerks_and_outsiders_do_not_read_the_counts(public_site, client, clerk, other_litigant, name):
    for user in (clerk, other_litigant):
        client.force_login(user)
        assert client.get(reverse(name)).status_code in (302, 403)
