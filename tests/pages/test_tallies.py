"""What is counted for editors, and that nothing else is kept."""

import pytest
from django.urls import reverse

from cpor_pages.models import AnswerPage, AnswerTally, CourtForm, DownloadTally, SearchMissTally
from tests.pages.conftest import read

REPORTS = ["downloads_report", "votes_report", "misses_report"]


def make_vote(client, helpful: str):
    answer = AnswerPage.objects.get(slug="dates", locale__language_code="zh-hant")
    return client.post(reverse("answer_vote", args=[answer.pk]), {"helpful": helpful})


def test_a_download_is_counted_by_month(public_site, client):
    document = CourtForm.objects.get(slug="civil-complaint").current_version.pdf

    for _time in range(2):
        read(client.get(document.url))

    assert DownloadTally.objects.get(document=document).count == 2


def test_a_look_at_the_head_of_a_file_is_not_counted(public_site, client):
    document = CourtForm.objects.get(slug="civil-complaint").current_version.pdf

    read(client.head(document.url))
    read(client.get(document.url, headers={"Range": "bytes=0-9"}))

    assert not DownloadTally.objects.exists()


def test_a_vote_is_counted_and_thanked_for(public_site, client):
    make_vote(client, "yes")
    response = make_vote(client, "no")

    tally = AnswerTally.objects.get()
    assert (tally.helpful, tally.unhelpful) == (1, 1)
    assert client.get(response.url).status_code == 200
    assert not client.cookies


def test_one_reader_does_not_count_as_many(public_site, client):
    for _time in range(15):
        make_vote(client, "yes")

    assert AnswerTally.objects.get().helpful == 10


def test_a_vote_that_says_nothing_is_not_counted(public_site, client):
    make_vote(client, "perhaps")

    assert not AnswerTally.objects.exists()


def test_a_search_in_vain_is_counted(public_site, client):
    for query in ("長頸鹿", " 長頸鹿 "):
        client.get("/search/", {"q": query})

    assert SearchMissTally.objects.get().query == "長頸鹿"
    assert SearchMissTally.objects.get().count == 2


@pytest.mark.parametrize(
    "query", ["115年度訴字第99999號", "somebody@example.com", "０９１２３４５６７８", "\x00"]
)
def test_what_may_be_personal_is_not_kept(public_site, client, query):
    client.get("/search/", {"q": query})

    assert not SearchMissTally.objects.exists()


@pytest.mark.parametrize("name", REPORTS)
def test_editors_read_the_counts(client, editor, name):
    read(client.get(CourtForm.objects.get(slug="civil-complaint").current_version.pdf.url))
    make_vote(client, "yes")
    client.get("/search/", {"q": "長頸鹿"})
    client.force_login(editor)

    html = client.get(reverse(name)).content.decode()

    assert "<meter" in html
    assert client.get(reverse(name), {"export": "xlsx"}).status_code == 200


@pytest.mark.parametrize("name", REPORTS)
def test_clerks_and_strangers_do_not_read_the_counts(public_site, client, clerk, stranger, name):
    for user in (clerk, stranger):
        client.force_login(user)
        assert client.get(reverse(name)).status_code in (302, 403)
