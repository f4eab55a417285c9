"""One case: the next hearing, whom to call, when the court last sent data, and the sheet to print."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from cpor_cases.actions import access
from cpor_cases.models import ImportRun
from cpor_cases.models.last_data import with_last_data
from cpor_core.models import Court
from cpor_core.models.progress_kinds import PARTS
from cpor_core.templatetags.court_dates import both_calendars, time_element
from tests import factories

pytestmark = pytest.mark.django_db


def page_of(case):
    return reverse("cpor_cases:case", args=[case.public_id])


def sheet_of(case):
    return reverse("cpor_cases:sheet", args=[case.public_id])


@pytest.fixture
def case(client, litigant, court):
    Court.objects.filter(pk=court.pk).update(phone="02-1234-5678")
    client.force_login(litigant)
    return factories.make_access(litigant, factories.make_case(court, division="孝"), note="別給別人看").case


def in_days(days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=9, minute=30) + dt.timedelta(days=days)


def test_the_next_hearing_stands_on_page_and_sheet(client, case):
    factories.make_entry(case, hearing_at=in_days(12), courtroom="第 12 法庭")

    for url in (page_of(case), sheet_of(case)):
        page = client.get(url)
        assert f"{in_days(12):%Y-%m-%d}" in page.content.decode()
        assert "next-hearing" in page.content.decode()
        assert "12 " in page.content.decode()


def test_a_hearing_that_was_called_off_is_not_the_next(client, case):
    factories.make_entry(case, "hearing_set", hearing_at=in_days(12), recorded_at=in_days(-2))
    factories.make_entry(case, "hearing_cancelled")

    for url in (page_of(case), sheet_of(case)):
        section = BeautifulSoup(client.get(url).content, "html.parser").select_one(".next-hearing")
        assert section.h2.text.strip() == "庭期"
        assert f"{in_days(12):%Y-%m-%d}" in section.select_one("del").text
        assert section.li.text.startswith("取消庭期")


def test_what_a_court_changed_in_the_night_carries_the_day_of_taipei(client, case):
    """Courts send their files at night; in Greenwich it is then still the day before."""
    night = timezone.localtime().replace(hour=3, minute=30)
    before = night - dt.timedelta(days=3)
    factories.make_entry(case, first_seen_at=before, corrected_at=night - dt.timedelta(days=1))
    factories.make_entry(case, first_seen_at=before, withdrawn_at=night - dt.timedelta(days=2))

    text = client.get(page_of(case)).content.decode()

    assert re.search(rf'更正於</span>\s+<time datetime="{night - dt.timedelta(days=1):%Y-%m-%d}">', text)
    assert f"（{night - dt.timedelta(days=2):%Y-%m-%d}）</time> 撤銷一筆" in text


def test_what_the_newest_entry_means_is_said_at_once_and_of_the_others_when_asked(client, case):
    for days, kind in enumerate(("judgment", "preparatory")):
        factories.make_kind(kind, meaning_zh=f"{kind} 的意思")
        factories.make_entry(case, kind, recorded_at=in_days(-days - 1))

    meanings = BeautifulSoup(client.get(page_of(case)).content, "html.parser").select("details.meaning")

    assert [(meaning.has_attr("open"), meaning.p.text) for meaning in meanings] == [
        (True, "judgment 的意思"),
        (False, "preparatory 的意思"),
    ]


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_page_and_sheet_say_all_that_is_known_of_each_kind(client, case, language):
    kinds = ["judgment", "preparatory", "closed"]
    for days, kind in enumerate(kinds):
        factories.make_kind(
            kind, **{f"{part}_{end}": f"{kind} {part} {end}" for part in PARTS for end in ("zh", "en")}
        )
        factories.make_entry(case, kind, recorded_at=in_days(-days - 1))
    end = language[:2]

    with translation.override(language):
        page, sheet = (
            BeautifulSoup(client.get(url).content, "html.parser") for url in (page_of(case), sheet_of(case))
        )

    for kind in kinds:
        assert all(f"{kind} {part} {end}" in page.text for part in PARTS)
        assert all(f"{kind} {part} {end}" in sheet.text for part in ("meaning", "to_do"))
    # What came next after the earlier ones is on the sheet itself.
    assert [f"{kind} next_step {end}" in sheet.text for kind in kinds] == [True, False, False]
    assert not sheet.select("article details")
    assert len(page.select(".explanation a[href='tel:0212345678']")) == 3


def test_a_kind_without_explanation_is_shown_with_the_courts_telephone_or_where_it_is_found(client, case):
    factories.make_entry(case, "new_kind")
    silent = "這類進行事項尚無說明，請電洽法院了解其意思。"

    page = BeautifulSoup(client.get(page_of(case)).content, "html.parser")
    assert silent in page.text
    assert page.select_one(".explanation a[href='tel:0212345678']")

    Court.objects.filter(pk=case.court_id).update(phone="", website="https://court.example")
    page = BeautifulSoup(client.get(page_of(case)).content, "html.parser")
    assert page.select_one(".explanation a[href='https://court.example']")

    Court.objects.filter(pk=case.court_id).update(website="")
    page = BeautifulSoup(client.get(page_of(case)).content, "html.parser")
    assert "電話載於法院寄發的各項文書" in page.select_one(".explanation").text
    assert silent in client.get(sheet_of(case)).content.decode()


def test_nobody_is_asked_to_come_to_a_hearing_that_was_called_off_since(client, case):
    factories.make_kind("hearing_set", to_do_zh="請依通知書到庭。")
    factories.make_entry(case, "hearing_set", hearing_at=in_days(12), recorded_at=in_days(-2))
    assert "請依通知書到庭。" in client.get(page_of(case)).content.decode()

    factories.make_entry(case, "hearing_cancelled")

    for url in (page_of(case), sheet_of(case)):
        text = client.get(url).content.decode()
        assert "請依通知書到庭。" not in text
        assert "請以較新的進行事項為準：這個庭期之後已改期或取消。" in text


def test_the_list_of_cases_reads_no_explanation(client, case):
    factories.make_entry(case, "judgment")

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("cpor_cases:cases"))

    assert any("cpor_core_progresskind" in each["sql"] for each in queries)
    assert not any(part in each["sql"] for each in queries for part in PARTS)


def test_a_day_is_never_broken_after_a_hyphen():
    day = dt.date(2026, 9, 24)

    for language in ("zh-hant", "en"):
        with translation.override(language):
            drawn = BeautifulSoup(time_element(day), "html.parser").time
            assert drawn.text == both_calendars(day)
            assert len(drawn.find_all("wbr")) == 1  # elsewhere the style sheet forbids a break


def test_the_page_says_whom_to_call(client, case):
    text = client.get(page_of(case)).content.decode()

    assert 'href="tel:0212345678"' in text
    assert "孝股" in text


def test_the_page_says_when_the_court_last_sent_data(client, case):
    sent = timezone.make_aware(dt.datetime(2026, 9, 24, 9, 30))
    factories.make_run(court=case.court, ended_at=sent)
    factories.make_run(court=case.court, source=ImportRun.Source.TYPED)
    factories.make_run(court=case.court, state="aborted")

    assert with_last_data(Court.objects.all()).get(pk=case.court_id).last_data_at == sent
    for url in (page_of(case), sheet_of(case), reverse("cpor_cases:cases")):
        assert "（2026-09-24） 09:30" in client.get(url).content.decode()


def test_a_file_of_several_courts_counts_for_those_it_has_entries_of(case, other_court):
    run = factories.make_run()
    factories.make_entry(case, changed_in=run)

    courts = with_last_data(Court.objects.all())

    assert courts.get(pk=case.court_id).last_data_at == run.ended_at
    assert courts.get(pk=other_court.pk).last_data_at is None


def test_the_sheet_holds_the_case_and_no_words_of_ones_own(client, case):
    text = client.get(sheet_of(case)).content.decode()

    assert str(case.full_number) in text
    assert "別給別人看" not in text


def test_the_sheet_of_anothers_a_revoked_and_an_ended_case_is_not_there(
    client, litigant, other_litigant, case
):
    theirs = factories.make_access(other_litigant).case
    revoked = factories.make_access(litigant)
    access.revoke(access=revoked, by=factories.make_clerk(revoked.case.court))
    ended = factories.make_access(litigant, factories.make_case(closed_on=dt.date(2020, 1, 1))).case

    for each in (theirs, revoked.case, ended):
        assert client.get(sheet_of(each)).status_code == 404


def test_links_to_two_hearings_have_two_names(client, case):
    """Read aloud in a list of links, "Add to my calendar" twice would say nothing."""
    for days in (12, 30):
        factories.make_entry(case, hearing_at=in_days(days))

    soup = BeautifulSoup(client.get(page_of(case)).content, "html.parser")

    targets = {link.text.strip(): link["href"] for link in soup.find_all("a", type="text/calendar")}
    assert len(targets) == len({link["href"] for link in soup.find_all("a", type="text/calendar")}) == 2
    assert all(f"{in_days(days):%Y-%m-%d}" in " ".join(targets) for days in (12, 30))
