"""開放查詢字別: the list, its downloads and its history."""

import csv
import datetime as dt
import io
import json

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from openpyxl import load_workbook

from cpor_core import case_word_history
from cpor_core.formulas import defuse
from cpor_core.models import CaseWord, CaseWordRecord, Court
from cpor_pages.case_words.check import check_word, read_query
from cpor_pages.case_words.downloads import COLUMNS
from tests.factories import make_word

TODAY = timezone.localdate()


def words_shown(client, query="") -> list[str]:
    soup = BeautifulSoup(client.get(f"/case-words/{query}").content, "html.parser")
    return [row.th.get_text(strip=True) for row in soup.select("tbody tr")]


def test_only_open_words_are_listed(public_site, client):
    make_word("甲", openness="yes")
    make_word("乙", openness="no")
    make_word("丙", openness="unclear")

    shown = words_shown(client)

    assert "甲" in shown
    assert not {"乙", "丙"} & set(shown)


def test_a_word_is_listed_from_its_first_to_its_last_open_day(public_site, client):
    today = dt.date.today()
    make_word("昨", open_until=today - dt.timedelta(days=2))
    make_word("明", open_from=today + dt.timedelta(days=2))
    make_word("今", open_from=today - dt.timedelta(days=2), open_until=today + dt.timedelta(days=2))

    assert {"昨", "明", "今"} & set(words_shown(client)) == {"今"}


def test_the_list_is_narrowed_down_by_word_category_and_bench(public_site, client):
    make_word("勞專調", category="civil", court_tier="district")
    make_word("勞專調", category="civil", court_tier="high")

    assert words_shown(client, "?q=勞專調") == ["勞專調", "勞專調"]
    assert words_shown(client, "?q=勞專調&tier=high") == ["勞專調"]
    assert words_shown(client, "?q=勞專調&category=criminal") == []
    assert words_shown(client, "?category=civill") == words_shown(client, "?tier=districts") == []


def test_a_word_is_found_however_its_brackets_are_written(public_site, client):
    make_word("更一甲")

    assert "更一甲" in words_shown(client, "?q=更（一）甲")


def test_the_list_never_calls_itself_official(public_site, client):
    assert "並非法院公告" in client.get("/case-words/").content.decode()
    assert "It is not an announcement of the courts" in client.get("/en/case-words/").content.decode()


def test_the_csv_begins_with_a_mark_and_keeps_its_columns(public_site, client):
    response = client.get("/case-words/download.csv")

    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert list(rows[0]) == COLUMNS
    assert len(rows) == CaseWord.objects.open_on().count()


def test_the_xlsx_opens_and_holds_the_words(public_site, client):
    sheet = load_workbook(io.BytesIO(client.get("/case-words/download.xlsx").content)).active

    assert [cell.value for cell in sheet[1]] == COLUMNS
    assert sheet.max_row == CaseWord.objects.open_on().count() + 1


def test_the_ods_is_an_open_document(public_site, client):
    response = client.get("/case-words/download.ods")

    assert b"application/vnd.oasis.opendocument.spreadsheet" in response.content[:100]


def test_the_json_is_a_list_of_words(public_site, client):
    words = json.loads(client.get("/en/case-words/download.json").content)

    assert {"word", "category", "effective_date"} <= set(words[0])
    assert words[0]["category_name"] == "Civil"


def test_no_other_format_is_offered(public_site, client):
    assert client.get("/case-words/download.exe").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@x", "\t=1", "＝1＋1"])
def test_a_cell_that_could_be_a_formula_is_defused(text):
    assert defuse(text) == f"'{text}"


def test_a_change_is_recorded_once(public_site):
    word = make_word("甲", openness="no")
    case_word_history.note(word)
    word.openness = "yes"

    assert case_word_history.note(word).event == CaseWordRecord.Event.CHANGED
    assert case_word_history.note(word) is None


def test_recording_all_words_again_records_nothing(public_site):
    make_word("甲")

    assert case_word_history.note_all() == 1
    assert case_word_history.note_all() == 0


def check_on(client, query: dict) -> str:
    """Return in English what the check says."""
    return (
        BeautifulSoup(client.get("/en/case-words/", query).content, "html.parser")
        .find(class_="word-check")
        .text
    )


@pytest.mark.parametrize(
    ("openness", "answer"), [("yes", "Yes: cases"), ("no", "No: “甲”"), ("unclear", "Not settled: “甲”")]
)
def test_the_check_says_whether_a_word_is_open_at_a_court(public_site, client, openness, answer):
    make_word("甲", openness=openness)

    said = check_on(client, {"check_word": "甲", "check_court": "TPD"})

    assert answer in said


def test_the_check_takes_a_whole_case_number(public_site, client):
    make_word("甲")

    said = check_on(client, {"check_word": "115年度甲字第123號"})

    assert "Yes: cases with the word “甲”" in said


def test_the_check_reads_the_benches_of_the_court_asked_for(public_site, client):
    make_word("甲", court_tier="district")

    said = check_on(client, {"check_word": "甲", "check_court": "TPS"})

    assert "Not there: “甲” is on the list" in said


def test_the_check_says_when_it_depends(public_site):
    make_word("甲", category="civil", openness="yes")
    make_word("甲", category="criminal", openness="no")

    assert check_word(court="", category="", word="甲").answer == "partly"
    assert check_word(court="", category="civil", word="甲").answer == "open"


@pytest.mark.parametrize(
    ("over", "answer", "why"),
    [
        ({"openness": "yes"}, "open", "The service covers such cases."),
        ({"openness": "no"}, "closed", "The service does not cover such cases."),
        ({"openness": "unclear"}, "unclear", "It is not settled"),
        ({"open_from": TODAY + dt.timedelta(days=3)}, "closed", "Opens on "),
        ({"open_from": TODAY}, "open", "Open since "),
        ({"open_until": TODAY}, "open", "that day included"),
        ({"open_until": TODAY - dt.timedelta(days=1)}, "closed", "Was open until "),
    ],
)
def test_the_check_says_why(public_site, client, over, answer, why):
    make_word("甲", **over)

    assert check_word(court="", category="", word="甲").answer == answer
    assert why in client.get("/en/case-words/", {"check_word": "甲"}).content.decode()


def test_the_check_tells_what_the_word_means_and_what_to_do_next(public_site, client):
    make_word("甲", meaning_en="a kind of case", procedure_en="ordinary procedure", openness="yes")
    make_word("乙", openness="no")

    covered, not_covered = (
        BeautifulSoup(client.get("/en/case-words/", {"check_word": word}).content, "html.parser").find(
            class_="word-check"
        )
        for word in ("甲", "乙")
    )

    assert "a kind of case" in covered.text
    assert "ordinary procedure" in covered.text
    assert covered.find("a", href="/en/apply/")
    assert not_covered.find("a", href="/en/courts/")


@pytest.mark.parametrize(
    ("typed", "court"),
    [
        ("臺灣士林地方法院 115年度訴字第123號", "SLD"),
        ("台灣士林地方法院115年度訴字第123號", "SLD"),
        ("士林地院 115 訴 123", "SLD"),
        ("臺灣新北地方法院板橋簡易庭 民國115年度訴字第123號", "PCD"),
        ("臺灣高等法院臺中分院115年度訴字第123號", "TCH"),
        ("臺北高等行政法院 地方庭 115年度訴字第123號", "TPT"),
        ("tpdv,115,訴,123,20260624,1", "TPD"),
        ("臺北高等行政法院115年度訴字第123號", None),
        ("１１５年度訴字第１２３號", None),
        ("沒有這個法院115年度訴字第123號", None),
    ],
)
def test_a_number_is_read_as_people_write_it_court_and_all(public_site, typed, court):
    query = read_query(typed, court="", category="")

    assert str(query.number) == "115年度訴字第123號"
    assert query.court == (Court.objects.get(code=court) if court else None)


def test_the_court_in_the_number_goes_before_the_court_chosen(public_site):
    query = read_query("臺灣士林地方法院 115年度訴字第123號", court="TPD", category="civil")

    assert (query.court.code, query.category) == ("SLD", "civil")


def test_a_published_number_tells_the_branch_of_law(public_site):
    assert read_query("PCDM,114,審交易,1078", court="", category="").category == "criminal"


def test_a_word_that_is_not_listed_leads_to_those_like_it(public_site, client):
    html = client.get("/case-words/", {"check_word": "金馬簡"}).content.decode()

    result = BeautifulSoup(html, "html.parser").find(class_="word-check")
    assert check_word(court="", category="", word="金馬簡").answer == "unknown"
    assert [link.text for link in result.select("a.case-number")][0] == "簡"


@pytest.mark.parametrize("query", ["check_word", "check_court", "q", "category", "tier"])
@pytest.mark.parametrize("typed", ["\x00", "訴\x00", "'", '"', "%", "a" * 3000, "\U0001f600", "（）"])
def test_nothing_that_is_typed_breaks_the_list(public_site, client, query, typed):
    assert client.get("/case-words/", {"check_word": "訴", query: typed}).status_code == 200


def test_the_list_can_be_seen_as_it_stood_on_a_day(public_site, client):
    today = timezone.localdate()
    CaseWordRecord.objects.update(recorded_at=timezone.now() - dt.timedelta(days=9))
    word = make_word("甲")
    case_word_history.note(word, now=timezone.now() - dt.timedelta(days=5))
    word.openness = "no"
    case_word_history.note(word, now=timezone.now() - dt.timedelta(days=2))

    def listed(days_ago: int) -> bool:
        html = client.get(f"/case-words/{today - dt.timedelta(days=days_ago)}/").content.decode()
        return ">甲<" in html

    assert [listed(ago) for ago in (7, 5, 3, 2, 0)] == [False, True, True, False, False]


def test_today_s_list_says_that_it_may_still_change_and_yesterday_s_does_not(public_site, client):
    CaseWordRecord.objects.update(recorded_at=timezone.now() - dt.timedelta(days=9))
    today = timezone.localdate()

    said = "Until midnight it may still change"
    assert said in client.get(f"/en/case-words/{today}/").content.decode()
    assert said not in client.get(f"/en/case-words/{today - dt.timedelta(days=1)}/").content.decode()


def test_a_dated_list_is_downloaded_as_it_stood(public_site, client):
    today = timezone.localdate()
    word = make_word("甲")
    case_word_history.note(word)
    CaseWordRecord.objects.update(recorded_at=timezone.now() - dt.timedelta(days=2))
    word.delete()

    assert "甲" in client.get(f"/case-words/download.csv?on={today}").content.decode()
    assert ",甲," not in client.get("/case-words/download.csv").content.decode()


@pytest.mark.parametrize("day", ["1999-01-01", "2999-01-01", "2026-02-30"])
def test_a_day_without_a_list_is_not_found(public_site, client, day):
    assert client.get(f"/case-words/{day}/").status_code == 404
    assert client.get(f"/case-words/download.csv?on={day}").status_code == 404


def test_the_history_tells_what_became_of_a_word(public_site, client):
    word = make_word("甲")
    case_word_history.note(word)
    word.openness = "no"
    case_word_history.note(word)

    html = client.get("/en/case-words/history/").content.decode()

    assert "words were added to the list" in html
    assert "now not open" in html


def test_the_history_names_nobody(public_site, client, editor):
    case_word_history.note(make_word("甲"), by=editor)

    assert editor.username not in client.get("/case-words/history/").content.decode()
