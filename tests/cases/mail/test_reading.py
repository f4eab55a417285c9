"""The reading test: for each of 20 kinds, what happened, what to do and what comes next, as a sentence of the real mail.

`reading_test.csv` is for people: somebody who has only the mail answers the questions, and is compared with the table. Here
it is held against the mails, so that the table stays true.
"""

import csv
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import timezone

from cpor_cases.actions import mail_preferences
from cpor_cases.actions.imports import import_rows
from cpor_cases.mail import delivery
from cpor_cases.models import ImportRun
from cpor_core import reference
from tests import factories

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parent / "reading_test.csv"


@pytest.fixture(autouse=True)
def _packaged_kinds():
    reference.load_all()


def table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mail_about(kind: str, language: str, litigant, case) -> list[str]:
    """Return the mail that tells of an entry of the kind: its text, and its HTML as it is read."""
    mail_preferences.choose_for_account(
        litigant,
        mail_preference="at_once",
        digest_hour=18,
        mails_show_entry=True,
        reminders=True,
        language=language,
    )
    mail.outbox.clear()
    today = timezone.localdate().isoformat()
    row = factories.row(case, kind=kind, entry_id=f"{kind}-{language}", recorded_at=today)
    import_rows(enumerate([row], start=2), source=ImportRun.Source.COMMAND)
    delivery.deliver.call_local()
    [message] = mail.outbox
    return [message.body, BeautifulSoup(message.alternatives[0].content, "html.parser").text]


def test_three_questions_about_each_of_twenty_kinds_are_asked_in_both_languages():
    asked = [(row["kind"], row["language"]) for row in table()]

    assert len({kind for kind, _language in asked}) == 20
    assert all(asked.count(each) == 3 for each in asked)
    assert {language for _kind, language in asked} == {"zh-hant", "en"}
    assert len({(row["language"], row["question"]) for row in table()}) == 6


def test_the_real_mail_answers_each_question_in_the_words_of_the_table(litigant, case):
    factories.make_access(litigant, case)

    for (kind, language), rows in groupby(table(), key=itemgetter("kind", "language")):
        read = mail_about(kind, language, litigant, case)
        for row in rows:
            assert all(row["answer"] in said for said in read), (kind, row["question"])


def test_a_mail_says_where_the_time_of_a_hearing_is_found_that_the_court_did_not_send(litigant, case):
    factories.make_access(litigant, case)
    sentence = "法院未隨本項傳送開庭時間；如尚未開庭，請以通知書或傳票所載為準。"

    assert all(sentence in said for said in mail_about("hearing_set", "zh-hant", litigant, case))
    assert not any(sentence in said for said in mail_about("judgment", "zh-hant", litigant, case))


def test_a_mail_labels_the_day_of_an_entry(litigant, case):
    factories.make_access(litigant, case)

    assert all("法院登載日期：民國" in said for said in mail_about("judgment", "zh-hant", litigant, case))
    assert all("Recorded on: " in said for said in mail_about("ruling", "en", litigant, case))
