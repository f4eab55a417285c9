"""A public page is shown from its last copy while the database does not answer; the copy says of when it is."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from cpor_core import conf
from cpor_core.last_copies import FOLDER, MARK, LastCopyMiddleware, keep_copy

AWAY = HttpResponse("later", status=503)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.CPOR = settings.CPOR | {"VAR_DIR": tmp_path}
    assert tmp_path == conf.VAR_DIR
    return tmp_path / FOLDER


def ask(answer: HttpResponse, path="/record/", **how) -> HttpResponse:
    request = RequestFactory().get(path, headers={"host": "localhost"}, **how.pop("environ", {}))
    request.COOKIES = how.pop("cookies", {})
    return LastCopyMiddleware(lambda _request: answer)(request)


def page(words="figures") -> HttpResponse:
    return keep_copy(HttpResponse(words.encode() + MARK))


def test_the_last_copy_stands_in_for_an_answer_that_cannot_be_made():
    ask(page("old"))
    ask(page("new"))

    shown = ask(AWAY)

    assert shown.status_code == 200
    assert shown.content.startswith(b"new")
    assert "資料庫目前沒有回應" in shown.content.decode()
    assert 'datetime="' in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"


def test_each_page_has_its_own_copy_and_others_have_none():
    ask(page("Chinese"))
    ask(page("English"), "/en/record/")
    ask(HttpResponse("no copy is kept of this"), "/faq/")

    assert ask(AWAY, "/en/record/").content.startswith(b"English")
    assert ask(AWAY, "/faq/") is AWAY
    assert ask(AWAY, "/record/?x=1") is AWAY


@pytest.mark.parametrize(
    "how", [{"cookies": {"sessionid": "somebody"}}, {"environ": {"CSRF_COOKIE": "a token was given out"}}]
)
def test_of_what_one_person_was_shown_no_copy_is_kept(how):
    ask(page("yours"), **how)

    assert ask(AWAY) is AWAY


def test_no_copy_is_kept_of_a_failure_or_of_an_answer_with_a_cookie():
    ask(keep_copy(HttpResponse("gone", status=404)))
    answer = page()
    answer.set_cookie("language", "en")
    ask(answer)

    assert ask(AWAY) is AWAY


def test_a_disk_that_takes_no_copy_fails_no_page(folder, caplog):
    folder.write_text("a file where the folder should be")

    assert ask(page()).status_code == 200
    assert "cannot be kept" in caplog.text
    assert ask(AWAY) is AWAY


def test_nothing_but_the_copy_is_left_in_its_folder(folder):
    ask(page())
    ask(page("new"))

    assert len(list(folder.iterdir())) == 1
