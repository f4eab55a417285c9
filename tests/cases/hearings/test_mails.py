"""What the mails say of hearings, word by word, in both languages, as text and as HTML."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import timezone

from cpor_cases.actions.imports import import_rows
from cpor_cases.mail import delivery
from cpor_cases.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year + 1
ROC = YEAR - 1911


def at(day: int, hour: int = 9) -> str:
    return f"{YEAR}-03-{day:02} {hour:02}:30"


@pytest.fixture
def case(court):
    factories.make_word("訴")
    names = {"hearing_set": ("定期", "Hearing date set"), "hearing_changed": ("改期", "Hearing date changed")}
    names |= {
        "hearing_cancelled": ("取消庭期", "Hearing cancelled"),
        "notice_served": ("期日通知", "Notice sent"),
    }
    for code, (name_zh, name_en) in names.items():
        factories.make_kind(code, name_zh=name_zh, name_en=name_en)
    case = factories.make_case(court)
    for language in ("zh-hant", "en"):
        for shows in (True, False):
            name = f"{language}-{'open' if shows else 'closed'}"
            person = factories.make_user(
                name, language=language, mails_show_entry=shows, last_login=timezone.now()
            )
            factories.make_access(person, case)
    return case


@pytest.fixture
def told(case):
    """Send a row, and return subject and message of the mail to each reader."""

    def told(kind: str, number: int = 1, **over) -> dict:
        mail.outbox.clear()
        sent = {"kind": kind, "entry_id": f"H{number}", "recorded_at": f"{timezone.localdate()}"} | over
        import_rows([(2, factories.row(case, **sent))], source="command")
        while OutgoingMail.objects.waiting().exists():
            delivery.deliver.call_local()
        return {message.to[0].partition("@")[0]: message for message in mail.outbox}

    return told


def said(message) -> str:
    """Return what the text of a mail says of a hearing: the line below the entry."""
    return re.search(r"^  - .*\n    (.*)$", message.body, re.M)[1]


def struck(message) -> list[str]:
    html = message.html if hasattr(message, "html") else message.alternatives[0][0]
    return [each.text for each in BeautifulSoup(html, "html.parser").select("del")]


def zh(day: int) -> str:
    return f"民國 {ROC} 年 3 月 {day} 日（{YEAR}-03-{day:02}） 09:30"


def en(day: int) -> str:
    return f"{day} March {YEAR} (ROC {ROC}/03/{day:02}) 09:30"


def test_a_hearing_that_is_set(told):
    mails = told("hearing_set", hearing_at=at(5), courtroom="第 12 法庭")

    assert said(mails["zh-hant-open"]) == f"庭期：{zh(5)} 第 12 法庭"
    assert said(mails["en-open"]) == f"Hearing: {en(5)} 第 12 法庭"
    assert {message.subject for message in mails.values()} == {
        "您的案件有新進度",
        "There is news in your case",
    }
    assert struck(mails["zh-hant-open"]) == struck(mails["en-open"]) == []


def test_a_hearing_that_is_moved(told):
    told("hearing_set", hearing_at=at(5))

    mails = told("hearing_changed", 2, hearing_at=at(20), moved_from=at(5), courtroom="第 3 法庭")

    assert said(mails["zh-hant-open"]) == f"改期：原定 {zh(5)}、改為 {zh(20)} 第 3 法庭"
    assert said(mails["en-open"]) == f"Moved: was {en(5)}, now {en(20)} 第 3 法庭"
    assert (mails["zh-hant-open"].subject, mails["en-open"].subject) == ("改期通知", "Hearing moved")
    assert struck(mails["zh-hant-open"]) == [zh(5)]
    assert struck(mails["en-open"]) == [en(5)]


def test_one_of_two_hearings_that_is_called_off(told):
    told("hearing_set", hearing_at=at(5))
    told("hearing_set", 2, hearing_at=at(9))

    mails = told("hearing_cancelled", 3, hearing_at=at(5))

    assert said(mails["zh-hant-open"]) == f"取消庭期：原定 {zh(5)}、尚未定新庭期"
    assert said(mails["en-open"]) == f"Called off: was {en(5)}, no new date yet"
    assert (mails["zh-hant-open"].subject, mails["en-open"].subject) == ("取消庭期通知", "Hearing called off")
    assert struck(mails["en-open"]) == [en(5)]


def test_who_keeps_the_entry_out_of_mails_learns_that_a_hearing_changed_and_not_of_which_case(told, case):
    told("hearing_set", hearing_at=at(5))

    mails = told("hearing_cancelled", 2, hearing_at=at(5))

    assert mails["zh-hant-closed"].subject == "您的案件庭期有異動"
    assert mails["en-closed"].subject == "A hearing in your case has changed"
    for message in mails.values():
        assert str(case.number) not in message.subject
        assert case.word not in message.subject
    assert at(5) not in mails["en-closed"].body


def test_a_cancellation_that_does_not_say_which(told):
    told("hearing_set", hearing_at=at(5))
    told("hearing_set", 2, hearing_at=at(9))

    mails = told("hearing_cancelled", 3)

    assert said(mails["zh-hant-open"]) == (
        f"取消庭期：您的庭期之一已取消，請向法院確認是哪一次：{zh(5)} 或 {zh(9)}。"
        "在法院告知之前，各次庭期仍請依通知書或傳票到庭。"
    )
    assert said(mails["en-open"]) == (
        f"Called off: one of your hearings; ask the court which: {en(5)} or {en(9)}. "
        "Until the court has told you, attend each of them as your summons or notice says."
    )
    assert struck(mails["en-open"]) == []


def test_a_corrected_date_reads_as_a_move(told):
    told("hearing_set", hearing_at=at(5))

    mails = told("hearing_set", hearing_at=at(6))

    assert said(mails["zh-hant-open"]) == f"改期：原定 {zh(5)}、改為 {zh(6)}"
    assert mails["en-open"].subject == "Hearing moved"


def test_a_withdrawn_hearing_reads_as_called_off(told):
    told("hearing_set", hearing_at=at(5))

    mails = told("hearing_set", hearing_at=at(5), withdrawn="1")

    assert said(mails["zh-hant-open"]) == f"取消庭期：原定 {zh(5)}、尚未定新庭期"
    assert mails["en-open"].subject == "Hearing called off"


def test_other_news_have_the_plain_subject(told):
    told("hearing_set", hearing_at=at(5))

    mails = told("hearing_set", hearing_at=at(5), detail="請攜帶證件")

    assert mails["en-open"].subject == "There is news in your case"


def test_only_the_mail_about_the_next_days_asks_whether_the_person_knows(told):
    soon = timezone.localtime() + dt.timedelta(days=2)
    told("hearing_set", hearing_at=f"{soon:%Y-%m-%d %H:%M}")
    urgent = told("hearing_cancelled", 2, hearing_at=f"{soon:%Y-%m-%d %H:%M}")
    told("hearing_set", 3, hearing_at=at(5))
    later = told("hearing_cancelled", 4, hearing_at=at(5))

    assert all("/known/" in message.body for message in urgent.values())
    assert not any("/known/" in message.body for message in later.values())
