"""Did it help? Two questions by the link of a mail and on the page of a case: one vote each, counted without the voter."""

import datetime as dt
import re
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from cpor_cases.accounts import data_export
from cpor_cases.actions import access, case_merging, digests, retention
from cpor_cases.actions.imports import import_rows
from cpor_cases.mail import links, rendering
from cpor_cases.models import (
    Announcement,
    CaseAccess,
    ClarityCounter,
    ClarityVote,
    CourtLogEntry,
    Litigant,
    OutgoingMail,
)
from cpor_cases.models.clarity_counters import quarter_of
from cpor_core import conf
from tests import factories

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://testserver((?:/en)?/cases/clear/[^\s\"<>]+)")
BUTTONS = [("happened", "yes"), ("happened", "partly"), ("happened", "no")]
BUTTONS += [("to_do", vote) for _question, vote in BUTTONS]


def counts() -> list[tuple]:
    """The counters: kind, language, place, question, yes, partly, no."""
    facts = ("kind__code", "language", "place", "question", "yes", "partly", "no")
    return sorted(ClarityCounter.objects.values_list(*facts))


@pytest.fixture
def follow(litigant, court):
    """Let the litigant follow a case, with mails that show the entry."""
    factories.make_word("訴")

    def make(**over) -> CaseAccess:
        facts = {"mails_show_entry": True} | over
        return factories.make_access(litigant, factories.make_case(court), **facts)

    return make


def take(*told: tuple[CaseAccess, str]) -> None:
    """Import an entry of a kind for each access."""
    rows = []
    for line, (granted, kind) in enumerate(told, start=2):
        factories.make_kind(kind, meaning_zh="意思", meaning_en="meaning")
        rows.append((line, factories.row(granted.case, kind=kind, recorded_at=f"{timezone.localdate()}")))
    import_rows(rows, source="command")


def bring(*told: tuple[CaseAccess, str]) -> OutgoingMail:
    """Import them, and return the mail that tells of it."""
    take(*told)
    return OutgoingMail.objects.latest("pk")


def link_in(mail: OutgoingMail) -> str:
    """The link to the questions, the same in both parts of a mail."""
    written = rendering.render(OutgoingMail.objects.get(pk=mail.pk))
    found = {*LINK.findall(written.body), *LINK.findall(written.html)}
    [link] = found
    return link


@pytest.fixture
def link(follow) -> str:
    return link_in(bring((follow(), "judgment")))


def buttons(page: bytes) -> list[tuple[str, str]]:
    form = BeautifulSoup(page, "html.parser").select("form[method=post] button[name]")
    return [(button["name"], button["value"]) for button in form]


# By the link of a mail


def test_one_press_answers_a_question_without_log_in(link):
    browser = Client(enforce_csrf_checks=True)
    assert buttons(browser.get(link).content) == BUTTONS

    thanks = browser.post(link, {"happened": "yes"}, follow=True)
    browser.post(link, {"to_do": "partly"})

    assert buttons(thanks.content) == BUTTONS[3:]
    assert counts() == [
        ("judgment", "zh-hant", "mail", "happened", 1, 0, 0),
        ("judgment", "zh-hant", "mail", "to_do", 0, 1, 0),
    ]


def test_the_page_names_the_kind_of_entry_and_neither_case_nor_person(link, client, litigant):
    page = client.get(link)

    case = CaseAccess.objects.get().case
    text = page.content.decode()
    assert "種類judgment" in text
    for secret in (
        str(case.full_number),
        str(case.public_id),
        case.court.name,
        litigant.username,
        litigant.email,
    ):
        assert secret not in text
    assert "no-store" in page["Cache-Control"]


def test_what_a_scanner_fetches_counts_nothing(link, client):
    for method in (client.get, client.head, client.options):
        method(link, {"happened": "yes"})

    assert not ClarityCounter.objects.exists()
    assert not ClarityVote.objects.exists()


@pytest.mark.parametrize("second", ["yes", "no"])
def test_one_mail_has_one_vote_on_each_question(link, client, second):
    for vote in ("yes", second):
        page = client.post(link, {"happened": vote}, follow=True)

    assert counts() == [("judgment", "zh-hant", "mail", "happened", 1, 0, 0)]
    assert "已計入您的回答" in page.content.decode()


def test_the_next_mail_has_its_own_vote(follow, client):
    granted = follow()
    for _time in range(2):
        client.post(link_in(bring((granted, "judgment"))), {"happened": "no"})

    assert counts() == [("judgment", "zh-hant", "mail", "happened", 0, 0, 2)]


@pytest.mark.parametrize("sent", [{}, {"happened": "perhaps"}, {"why": "yes"}, {"happened": ""}])
def test_what_is_no_answer_is_not_counted(link, client, sent):
    assert client.post(link, sent).status_code == 302

    assert not ClarityVote.objects.exists()


def test_the_language_that_counts_is_that_of_the_mail(follow, client, litigant):
    Litigant.objects.store(litigant, language="en")
    link = link_in(bring((follow(), "judgment")))
    assert link.startswith("/en/")

    client.post(link.removeprefix("/en"), {"happened": "yes"})  # on the page one may change the language

    assert [count[1] for count in counts()] == ["en"]


@pytest.mark.parametrize("bad", ["x", "1.1.en", "1.1.en:forged", "%00"])
def test_a_forged_link_leads_nowhere(client, bad):
    assert client.get(f"/cases/clear/{bad}/").status_code == 404
    assert client.post(f"/cases/clear/{bad}/", {"happened": "yes"}).status_code == 404


def test_the_link_of_another_kind_of_mail_is_no_link_to_this(follow, client):
    mail = bring((follow(), "judgment"))
    token = links.unsubscribe_path(mail.account_id).rstrip("/").rpartition("/")[2]

    assert client.post(f"/cases/clear/{token}/", {"happened": "yes"}).status_code == 404


def test_an_old_mail_is_no_longer_asked_about(link, client, settings):
    sent = timezone.now() - dt.timedelta(days=conf.CLARITY_LINK_DAYS, seconds=1)
    OutgoingMail.objects.update(state="sent", ended_at=sent)

    page = client.get(link)
    client.post(link, {"happened": "yes"})

    assert page.status_code == 410
    assert buttons(page.content) == []
    assert counts() == []


def test_who_closed_the_account_is_not_asked(link, client, litigant):
    litigant.is_active = False
    litigant.save()

    assert client.get(link).status_code == 404


def test_one_reader_does_not_count_as_many(link, client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"clarity": "1/m/ip"}
    client.post(link, {"happened": "yes"})

    assert client.post(link, {"to_do": "yes"}).status_code == 429
    assert len(counts()) == 1


def test_the_link_is_blanked_wherever_links_are(link):
    assert links.blanked(f"GET {link} 200") == f"GET {link.rpartition('/clear/')[0]}/clear/…/ 200"


def test_the_vote_still_counts_when_the_case_was_merged(follow, client, clerk):
    earlier, later = follow(), follow()
    link = link_in(bring((later, "judgment")))

    case_merging.merge(dropped=later.case, kept=earlier.case, by=clerk)
    client.post(link, {"happened": "yes"})

    assert [count[4:] for count in counts()] == [(1, 0, 0)]


# Which mails ask


def test_a_mail_that_does_not_show_the_entry_does_not_ask(follow):
    mail = bring((follow(mails_show_entry=False), "judgment"))

    written = rendering.render(mail)
    assert not LINK.search(written.body + written.html)


def test_a_mail_without_links_does_not_ask(follow, litigant):
    Litigant.objects.store(litigant, mails_without_links=True)

    written = rendering.render(bring((follow(), "judgment")))
    assert "種類judgment" in written.body
    assert not LINK.search(written.body + written.html)
    assert "說明清楚嗎" not in written.body + written.html


def test_a_withdrawal_is_not_asked_about(follow):
    granted = follow()
    bring((granted, "judgment"))
    entry = granted.case.entries.get()
    import_rows([(2, factories.row(granted.case, entry_id=entry.entry_id, withdrawn="1"))], source="command")

    written = rendering.render(OutgoingMail.objects.latest("pk"))
    assert not LINK.search(written.body)


@pytest.mark.parametrize(
    ("kinds", "asked"),
    [
        (["received", "judgment", "hearing_set"], "judgment"),
        (["received", "hearing_set"], "hearing_set"),
        (["received", "judgment", "hearing_changed"], "hearing_changed"),
        (["received", "assigned"], "received"),
    ],
)
def test_a_mail_about_several_entries_asks_about_the_one_that_matters_most(follow, client, kinds, asked):
    factories.make_kind("judgment", stage="disposition")
    factories.make_kind("hearing_set", stage="hearing")
    factories.make_kind("hearing_changed", stage="hearing", hearing_effect="calls_off")
    granted = [follow() for _kind in kinds]
    for each in granted:
        factories.make_entry(
            each.case,
            "hearing_set",
            hearing_at=timezone.now() + dt.timedelta(days=20),
            recorded_at=timezone.now() - dt.timedelta(days=1),
        )

    client.post(link_in(bring(*zip(granted, kinds, strict=True))), {"to_do": "no"})

    assert [count[0] for count in counts()] == [asked]


def test_the_daily_mail_asks_too(follow, client):
    take((follow(mail_preference="digest"), "judgment"))
    digests.post_due(Announcement.objects.get().run.ended_at + dt.timedelta(days=2))

    link = link_in(OutgoingMail.objects.latest("pk"))
    client.post(link, {"happened": "yes"})

    assert [count[:4] for count in counts()] == [("judgment", "zh-hant", "mail", "happened")]


# On the page of a case


@pytest.fixture
def shown(follow, client, litigant):
    """A case with an entry, whose person is logged in."""
    client.force_login(litigant)
    granted = follow()
    factories.make_entry(granted.case, "judgment")
    return granted


def vote(client, granted: CaseAccess, entry=None, **given):
    url = reverse("cpor_cases:entry_clarity", args=[granted.case.public_id])
    entry = entry or granted.case.entries.latest("recorded_at")
    return client.post(url, {"entry": entry.pk, **given}, follow=True)


def test_the_newest_entry_is_asked_about_on_its_page(shown, client):
    page = client.get(reverse("cpor_cases:case", args=[shown.case.public_id]))
    assert [each for each in buttons(page.content) if each[0] in {"happened", "to_do"}] == BUTTONS

    answered = vote(client, shown, happened="no")

    assert [each for each in buttons(answered.content) if each[0] in {"happened", "to_do"}] == BUTTONS[3:]
    assert counts() == [("judgment", "zh-hant", "page", "happened", 0, 0, 1)]


def test_an_entry_has_one_vote_of_each_person_on_each_question(shown, client, other_litigant):
    for given in ({"happened": "yes"}, {"happened": "no"}, {"to_do": "yes"}):
        vote(client, shown, **given)
    factories.make_access(other_litigant, shown.case)
    client.force_login(other_litigant)
    vote(client, shown, happened="no")

    assert [count[3:] for count in counts()] == [("happened", 1, 0, 1), ("to_do", 1, 0, 0)]


def test_a_vote_on_the_page_counts_in_the_language_of_the_page(shown, client):
    with translation.override("en"):
        vote(client, shown, happened="yes")

    assert [count[1] for count in counts()] == ["en"]


def test_nobody_votes_on_an_entry_they_may_not_see(shown, client, other_litigant, court):
    elsewhere = factories.make_entry(factories.make_case(court), "judgment")
    vote(client, shown, elsewhere, happened="yes")
    vote(client, shown, factories.make_entry(shown.case, withdrawn_at=timezone.now()), happened="yes")
    for wrong in ("", "x", "0", "9" * 30):
        url = reverse("cpor_cases:entry_clarity", args=[shown.case.public_id])
        client.post(url, {"entry": wrong, "happened": "yes"})
    client.force_login(other_litigant)
    assert vote(client, shown, happened="yes").status_code == 404

    assert counts() == []


def test_who_is_logged_out_counts_nothing_and_comes_back_to_the_case(shown, client):
    client.logout()
    url = reverse("cpor_cases:entry_clarity", args=[shown.case.public_id])

    answer = client.post(url, {"entry": shown.case.entries.get().pk, "happened": "yes"})

    assert urlsplit(answer.url).path == reverse("account_login")
    client.force_login(shown.account)
    assert client.get(url).url == reverse("cpor_cases:case", args=[shown.case.public_id])
    assert counts() == []


def test_a_vote_on_the_page_needs_its_token(shown, litigant):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(litigant)
    url = reverse("cpor_cases:entry_clarity", args=[shown.case.public_id])

    assert browser.post(url, {"entry": shown.case.entries.get().pk, "happened": "yes"}).status_code == 403


def test_a_case_without_entries_is_not_asked_about(follow, client, litigant):
    client.force_login(litigant)

    page = client.get(reverse("cpor_cases:case", args=[follow().case.public_id]))

    assert 'id="clarity"' not in page.content.decode()


def test_the_sheet_asks_nothing(shown, client):
    page = client.get(reverse("cpor_cases:sheet", args=[shown.case.public_id]))

    assert 'name="happened"' not in page.content.decode()


def test_who_voted_before_the_cases_were_merged_has_voted(shown, follow, client, clerk):
    kept = follow()
    vote(client, shown, happened="yes")

    case_merging.merge(dropped=shown.case, kept=kept.case, by=clerk)
    entry = kept.case.entries.get()
    vote(client, kept, entry, happened="no")
    address_of_old = reverse("cpor_cases:entry_clarity", args=[shown.case.public_id])
    client.post(address_of_old, {"entry": entry.pk, "to_do": "no"})

    assert [count[3:] for count in counts()] == [("happened", 1, 0, 0), ("to_do", 0, 0, 1)]


def test_the_page_needs_one_query_to_know_of_a_vote(shown, client):
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("cpor_cases:case", args=[shown.case.public_id]))

    assert sum("cpor_cases_clarityvote" in each["sql"] for each in queries) == 1


# What is kept


def columns(model) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def test_what_is_kept_of_a_voter_holds_neither_answer_nor_time_and_what_is_counted_no_voter():
    assert columns(ClarityVote) == {"id", "mail", "account", "entry", "question"}
    assert columns(ClarityCounter) == {
        *("id", "quarter", "kind", "language", "place", "question"),
        *("yes", "partly", "no"),
    }


def test_a_vote_is_in_no_log(shown, client, caplog):
    before = CourtLogEntry.objects.exclude(action="cpor_cases.case.view").count()

    vote(client, shown, happened="partly")

    assert CourtLogEntry.objects.exclude(action="cpor_cases.case.view").count() == before
    assert "partly" not in caplog.text


def test_the_mark_goes_when_the_mail_is_no_longer_asked_about_and_the_count_stays(link, client, settings):
    client.post(link, {"happened": "yes"})
    sent = timezone.now()
    OutgoingMail.objects.update(state="sent", ended_at=sent)
    last_moment = sent + dt.timedelta(days=conf.CLARITY_LINK_DAYS)

    retention.purge_expired(last_moment - dt.timedelta(minutes=1))
    assert ClarityVote.objects.exists()
    retention.purge_expired(last_moment + dt.timedelta(minutes=1))

    assert not ClarityVote.objects.exists()
    assert len(counts()) == 1


def test_the_mark_of_a_page_goes_when_its_person_may_no_longer_see_the_entry(shown, client, clerk):
    vote(client, shown, happened="yes")
    retention.purge_expired()
    assert ClarityVote.objects.exists()

    access.revoke(access=shown, by=clerk)
    retention.purge_expired()

    assert not ClarityVote.objects.exists()
    assert len(counts()) == 1


@pytest.mark.parametrize(("language", "words"), [("zh-hant", "無從追查"), ("en", "cannot be traced")])
def test_the_download_says_that_no_answer_is_kept(shown, client, language, words):
    vote(client, shown, happened="partly")
    Litigant.objects.store(shown.account, language=language)
    shown.account.refresh_from_db()

    with data_export.archive_of(shown.account) as file, ZipFile(file) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}

    assert words in " ".join(texts.pop("README.txt").split())
    assert not any("partly" in text or "clarity" in text for text in texts.values())


# What everybody reads


def count_votes(
    quarter: dt.date, question="happened", *, kind="judgment", language="en", place="mail", **votes
):
    kind = factories.make_kind(kind)
    facts = {"quarter": quarter, "kind": kind, "language": language, "place": place, "question": question}
    return ClarityCounter.objects.create(**facts | votes)


def test_the_figures_of_each_quarter_that_is_over_are_public_in_both_languages(client):
    count_votes(dt.date(2026, 4, 1), yes=60, partly=20, no=20)
    count_votes(dt.date(2026, 4, 1), kind="received", place="page", language="zh-hant", yes=20)
    count_votes(dt.date(2026, 4, 1), "to_do", yes=5, no=4)

    for language, quarter, shares, few in (
        (
            "zh-hant",
            "民國 115 年 4 月至 6 月（2026 年）",
            "是 67%、部分 17%、否 17%（120 份回答）",
            "回答太少",
        ),
        (
            "en",
            "April to June 2026 (ROC 115)",
            "yes 67%, partly 17%, no 17% (120 answers)",
            "too few answers",
        ),
    ):
        with translation.override(language):
            page = client.get(reverse("cpor_cases:clarity_record"))
        row = BeautifulSoup(page.content, "html.parser").select_one("tbody tr")
        assert [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] == [quarter, shares, few]


def test_the_quarter_at_hand_is_not_public_yet(client):
    count_votes(quarter_of(timezone.localdate()), yes=99)

    page = client.get(reverse("cpor_cases:clarity_record"))

    assert "99" not in page.content.decode()
    assert not BeautifulSoup(page.content, "html.parser").select("tbody tr")


def test_the_public_figures_are_one_query_whatever_was_counted(client, django_assert_num_queries):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("cpor_cases:clarity_record"))
        return len(found)

    count_votes(dt.date(2026, 1, 1), yes=10)
    queries()
    before = queries()
    for month in (1, 4, 7):
        count_votes(dt.date(2025, month, 1), yes=10)

    assert queries() == before


@pytest.mark.parametrize(
    ("day", "first"),
    [((2026, 1, 1), (2026, 1, 1)), ((2026, 3, 31), (2026, 1, 1)), ((2026, 12, 31), (2026, 10, 1))],
)
def test_a_quarter_is_three_months(day, first):
    assert quarter_of(dt.date(*day)) == dt.date(*first)
