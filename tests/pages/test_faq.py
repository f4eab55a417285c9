"""常見問題: at least the guide's eleven questions, each with an address of its own."""

from bs4 import BeautifulSoup

from cpor_pages.models import AnswerPage


def test_every_question_stands_on_the_page_with_its_answer(public_site, client):
    soup = BeautifulSoup(client.get("/faq/").content, "html.parser")
    questions = soup.find_all("details")

    assert len(questions) == AnswerPage.objects.filter(locale__language_code="zh-hant").count() >= 11
    assert all(each.find("p").get_text(strip=True) for each in questions)


def test_every_answer_has_an_address_of_its_own(public_site, client):
    for answer in AnswerPage.objects.all():
        assert answer.title in client.get(answer.url).content.decode().replace("&#x27;", "'")


def test_the_rules_of_today_are_told(public_site, client):
    html = client.get("/faq/").content.decode()

    for rule in ("不會通知您補正", "超過五日", "最新三筆", "滿二個月", "以法院的通知書或傳票為準"):
        assert rule in html
