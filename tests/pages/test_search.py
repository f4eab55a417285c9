"""Search: Chinese words inside longer runs are found, and no query breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale

from cpor_core.cjk import grams_of_query, grams_of_text
from cpor_pages.models import CourtForm, SearchMissCounter
from cpor_pages.search import search_pages


def titles(query: str, language="zh-hant") -> list[str]:
    return [page.title for page in search_pages(query, locale=Locale.objects.get(language_code=language))]


def test_a_word_inside_a_longer_run_is_found(public_site):
    assert "網站上的開庭日期可以作為依據嗎？" in titles("開庭")


def test_all_words_of_a_query_must_be_there(public_site):
    assert titles("忘記密碼")
    assert not titles("忘記密碼 長頸鹿")


def test_each_language_is_searched_on_its_own(public_site):
    assert "I have forgotten my password. What now?" in titles("forgotten password", "en")
    assert not titles("forgotten", "zh-hant")


def test_a_form_is_found_by_its_name_and_by_the_title_of_its_file(public_site):
    assert [form.slug for form in CourtForm.objects.matching("民事起訴狀 odt")] == ["civil-complaint"]


def test_a_title_of_a_file_is_found_inside_a_longer_run(public_site):
    pdf = CourtForm.objects.get(slug="family-petition").current_version.pdf
    pdf.title = "民事判決開庭通知書"
    pdf.save()

    assert [form.slug for form in CourtForm.objects.matching("開庭")] == ["family-petition"]
    assert [form.slug for form in CourtForm.objects.matching("通知書")] == ["family-petition"]


@pytest.mark.parametrize(
    "query", ["台北", "臺北", "taipei", "ＴＡＩＰＥＩ", "台北地院", "台灣‧台北地方法院", "臺\u200b北"]
)
def test_a_court_is_found_however_it_is_spelled(public_site, client, query):
    html = client.get("/search/", {"q": query}).content.decode()

    assert 'href="/courts/#TPD"' in html
    assert 'id="TPD"' in client.get("/courts/").content.decode()


@pytest.mark.parametrize("query", ["勞專調", "115年度勞專調字第12號", "勞專調字"])
def test_a_case_word_leads_to_whether_it_is_open(public_site, client, query):
    html = client.get("/en/search/", {"q": query}).content.decode()

    assert "/en/case-words/?check_word=%E5%8B%9E%E5%B0%88%E8%AA%BF#check" in html
    assert not SearchMissCounter.objects.exists()


def test_full_width_mails_are_searched_as_narrow_ones(public_site):
    assert [form.slug for form in CourtForm.objects.matching("民事起訴狀　ＯＤＴ")] == ["civil-complaint"]


def test_the_page_shows_what_it_found_and_where(public_site, client):
    html = client.get("/search/", {"q": "民事起訴狀"}).content.decode()

    assert 'href="/forms/#civil-complaint"' in html


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "\x00",
        "' OR 1=1 --",
        "*",
        "開\x00庭",
        "(((",
        "NOT",
        "and",
        "NEAR(a b)",
        "title:a",
        "\\",
        "%_",
        "a-b",
        "^a",
        "a" * 5000,
        "𠮷",
    ],
)
def test_no_query_breaks_the_search(public_site, client, query):
    assert client.get("/search/", {"q": query}).status_code == 200


@given(st.text(max_size=60), st.text(alphabet="開庭通知書民事", min_size=1, max_size=6), st.text(max_size=60))
def test_the_grams_of_a_part_are_among_the_grams_of_the_whole(before, part, after):
    whole = set(grams_of_text(before + part + after).split())

    assert set(grams_of_query(part).split()) <= whole
