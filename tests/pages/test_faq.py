"""常見問題: at least the guide's eleven questions, each with an address of its own."""

import pytest
from bs4 import BeautifulSoup

from cpor_pages.models import AnswerPage


def test_every_question_stands_on_the_page_with_its_answer(public_site, client):
    soup = BeautifulSoup(client.get("/faq/").content, "html.parser")
    questions = soup.main.find_all("details")

    assert len(questions) == AnswerPage.objects.filter(locale__language_code="zh-hant").count() >= 11
    assert all(each.find("p").get_text(strip=True) for each in questions)


def test_every_answer_has_an_address_of_its_own(public_site, client):
    for answer in AnswerPage.objects.all():
        assert answer.title in client.get(answer.url).content.decode().replace("&#x27;", "'")


def test_the_rules_of_today_are_told(public_site, client):
    html = client.get("/faq/").content.decode()

    for rule in ("不會通知您補正", "超過五日", "最新三筆", "滿二個月", "以法院的通知書或傳票為準"):
        assert rule in html


def questions_on(client, query: str, prefix: str = "") -> list[str]:
    soup = BeautifulSoup(client.get(f"{prefix}/faq/", {"q": query}).content, "html.parser")
    return [each["id"] for each in soup.find_all("details", open=True)]


def test_the_questions_are_searched_in_title_and_answer_and_stand_open(public_site, client):
    assert set(questions_on(client, "忘記密碼")) == {"forgotten-password", "change-password"}
    assert "dates" in questions_on(client, "傳票")
    assert "forgotten-password" in questions_on(client, "forgotten", "/en")


def test_a_search_for_nothing_shows_all_and_one_in_vain_leads_to_the_whole_site(public_site, client):
    assert client.get("/faq/", {"q": "  "}).content == client.get("/faq/").content

    soup = BeautifulSoup(client.get("/faq/", {"q": "長頸鹿 & 象"}).content, "html.parser")

    assert not soup.main.find_all("details")
    assert (
        soup.find(class_="empty").find("a")["href"]
        == "/search/?q=%E9%95%B7%E9%A0%B8%E9%B9%BF%20%26%20%E8%B1%A1"
    )


@pytest.mark.parametrize("query", ['"', "\x00", "'", "%", "𠮷", "a" * 5000])
def test_no_query_breaks_the_questions(public_site, client, query):
    assert client.get("/faq/", {"q": query}).status_code == 200


@pytest.mark.parametrize("page", ["/faq/", "/search/"])
def test_a_search_that_is_too_long_says_so_and_finds_nothing(public_site, client, page):
    soup = BeautifulSoup(client.get(page, {"q": "開庭" * 51}).content, "html.parser")

    assert "最多 100 字" in soup.get_text()
    assert not soup.main.find_all("details")
    assert not soup.find(class_="hits")
