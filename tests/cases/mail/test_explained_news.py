"""What mails about news say of an entry, where they lead, and how they are stopped (rules 6 and 13)."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import timezone

from cpor_cases.actions import digests, mail_preferences
from cpor_cases.actions.imports import import_rows
from cpor_cases.mail import delivery
from cpor_cases.models import CaseAccess, ImportRun
from cpor_core import reference
from cpor_core.models import Court, ProgressKind
from cpor_core.translated.fields import text_in
from tests import factories

pytestmark = pytest.mark.django_db

LABELS = {
    "zh-hant": ("您要做什麼", "接下來通常如何", "可以問誰"),
    "en": ("What you must do", "What usually comes next", "Whom to ask"),
}


@pytest.fixture(autouse=True)
def _packaged_kinds():
    reference.load_all()


@pytest.fixture
def case(court):
    Court.objects.filter(pk=court.pk).update(phone="02-1234-5678")
    factories.make_word("訴")
    return factories.make_case(court)


def choose(account, *, show_entry=True, language="zh-hant"):
    mail_preferences.choose_for_account(
        account,
        mail_preference=CaseAccess.MailPreference.AT_ONCE,
        digest_hour=18,
        mails_show_entry=show_entry,
        reminders=True,
        language=language,
    )


def take(*rows):
    """Take the rows and return the mail that tells of them: its text, and its HTML as a reader sees it."""
    mail.outbox.clear()
    import_rows(enumerate(rows, start=2), source=ImportRun.Source.COMMAND)
    delivery.deliver.call_local()
    [message] = mail.outbox
    return message.body, message.alternatives[0].content


def as_read(html: str) -> str:
    return re.sub(r"\s+", " ", BeautifulSoup(html, "html.parser").text)


def explanation(code: str, language: str) -> list[str]:
    kind = ProgressKind.objects.get(code=code)
    return [text_in(kind, name, language) for name in ("meaning", "to_do", "next_step", "whom_to_ask")]


def send_news(case, *, is_digest):
    mail.outbox.clear()
    import_rows(enumerate([factories.row(case)], start=2), source=ImportRun.Source.COMMAND)
    if is_digest:
        digests.post_due(timezone.now() + dt.timedelta(days=2))
    delivery.deliver.call_local()
    [message] = mail.outbox
    return message


def wanted(access) -> str:
    return CaseAccess.objects.with_mail_choices().get(pk=access.pk).wanted_mails


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_who_wants_the_entry_reads_what_it_means_what_to_do_what_comes_next_and_whom_to_ask(
    litigant, case, language
):
    factories.make_access(litigant, case)
    choose(litigant, language=language)

    text, html = take(factories.row(case, kind="judgment"))

    for said in (text, as_read(html)):
        for words in (*explanation("judgment", language), *LABELS[language], "02-1234-5678"):
            assert words in said


def test_who_does_not_want_the_entry_reads_nothing_of_it(litigant, case):
    factories.make_access(litigant, case)
    choose(litigant, show_entry=False)

    text, html = take(factories.row(case, kind="judgment"))

    for said in (text, as_read(html)):
        assert "判決" not in said
        assert not any(words in said for words in (*explanation("judgment", "zh-hant"), *LABELS["zh-hant"]))


def test_a_kind_is_explained_once_a_case_and_its_court_named_once(litigant, case):
    factories.make_access(litigant, case)
    choose(litigant)

    text, html = take(*(factories.row(case, kind=kind) for kind in ("judgment", "judgment", "closed")))

    for said in (text, as_read(html)):
        for code in ("judgment", "closed"):
            assert all(said.count(words) == 1 for words in explanation(code, "zh-hant")[:3])
        assert said.count("02-1234-5678") == 1


def test_whom_to_ask_is_said_once(litigant, case):
    factories.make_access(litigant, case)
    choose(litigant)

    text, _html = take(*(factories.row(case, kind=kind) for kind in ("hearing_set", "judgment", "mediation")))

    clerk, lawyer, mediator = (
        explanation(code, "zh-hant")[3] for code in ("hearing_set", "judgment", "mediation")
    )
    assert f"可以問誰：{clerk}" not in text
    assert lawyer in text
    assert mediator in text


def test_of_a_withdrawn_entry_it_is_said_that_it_no_longer_holds(litigant, case):
    factories.make_access(litigant, case)
    choose(litigant)
    row = factories.row(case, kind="hearing_set")
    take(row)

    text, html = take(row | {"withdrawn": "1"})

    for said in (text, as_read(html)):
        assert "法院已撤銷這項事項，其內容不再適用。" in said
        assert "無須再依這項事項辦理。" in said
        assert not any(words in said for words in explanation("hearing_set", "zh-hant")[:3])


def test_a_kind_without_explanation_is_shown_with_where_the_courts_number_is_found(litigant, case):
    factories.make_kind("new_kind", name_zh="新事項", name_en="New")
    Court.objects.filter(pk=case.court_id).update(phone="", website="https://court.example")
    factories.make_access(litigant, case)
    choose(litigant)

    text, html = take(factories.row(case, kind="new_kind"))

    assert "這類進行事項尚無說明，請電洽法院了解其意思。" in text
    assert "https://court.example" in text
    assert "這類進行事項尚無說明，請電洽法院了解其意思。" in as_read(html)
    assert BeautifulSoup(html, "html.parser").find("a", href="https://court.example")


def test_the_link_leads_to_the_case_after_log_in_and_what_is_new_is_marked_there(litigant, case, client):
    access = factories.make_access(litigant, case)
    choose(litigant)
    text, html = take(factories.row(case, kind="judgment"))

    link = BeautifulSoup(html, "html.parser").select_one("a.button")["href"]
    page = client.get(urlsplit(link).path)
    login = urlsplit(page["Location"])

    assert urlsplit(link).path == f"/cases/{case.public_id}/"
    assert link in text
    assert f"next={urlsplit(link).path}" in login.query
    answer = client.post(page["Location"], {"login": litigant.username, "password": factories.PASSWORD})
    assert answer["Location"] == urlsplit(link).path
    shown = BeautifulSoup(client.get(answer["Location"]).content, "html.parser")
    assert shown.select_one(".timeline > li.is-new .tag--new").text == "新"
    access.refresh_from_db()
    assert access.last_seen_at


def test_news_of_several_cases_lead_to_each_and_to_all(litigant, case):
    other = factories.make_case(case.court)
    for each in (case, other):
        factories.make_access(litigant, each)

    text, html = take(factories.row(case), factories.row(other))

    page = BeautifulSoup(html, "html.parser")
    paths = [urlsplit(link["href"]).path for link in page.select("a.number")]
    assert set(paths) == {f"/cases/{case.public_id}/", f"/cases/{other.public_id}/"}
    assert urlsplit(page.select_one("a.button")["href"]).path == "/cases/"
    assert all(path in text for path in paths)


@pytest.mark.parametrize("is_digest", [False, True])
def test_a_visible_link_stops_the_mails_about_the_case_without_log_in(litigant, case, client, is_digest):
    access = factories.make_access(litigant, case)
    if is_digest:
        access.mail_preference = CaseAccess.MailPreference.DIGEST
        access.save()
    other = factories.make_access(litigant, factories.make_case(case.court))
    message = send_news(case, is_digest=is_digest)

    page = BeautifulSoup(message.alternatives[0].content, "html.parser")
    link = page.find("a", string=re.compile("停止這個案件的通知信"))["href"]

    assert link in message.body
    assert message.extra_headers["List-Unsubscribe"] == f"<{link}>"
    path = urlsplit(link).path
    form = BeautifulSoup(client.get(path).content, "html.parser").find("form", method="post")
    assert wanted(access) != "none"
    client.post(form.get("action") or path)
    assert (wanted(access), wanted(other) == "none") == ("none", False)


def test_the_visible_link_of_a_mail_about_several_cases_stops_all(litigant, case):
    for each in (case, factories.make_case(case.court)):
        factories.make_access(litigant, each)

    text, html = take(*(factories.row(access.case) for access in CaseAccess.objects.all()))

    assert "停止所有案件的通知信" in text
    assert BeautifulSoup(html, "html.parser").find("a", string=re.compile("停止所有案件的通知信"))
