"""On the page of a case and its sheet: how long cases like it waited for their next entry."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from cpor_cases.models import WaitingTime
from cpor_cases.templatetags.waiting_times import waiting_time_in_words
from cpor_core.models import Category, Court
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client, litigant, court):
    """A case whose latest entry is 收案."""
    client.force_login(litigant)
    case = factories.make_access(litigant, factories.make_case(court)).case
    factories.make_kind("received", name_zh="收案", name_en="Case received")
    factories.make_entry(case, "received", recorded_at=timezone.now() - dt.timedelta(days=3))
    return case


@pytest.fixture
def time(case):
    return make_time(case)


def make_time(case, kind="received", **over) -> WaitingTime:
    facts = {"court": case.court, "category": case.category, "kind": factories.make_kind(kind)}
    return WaitingTime.objects.create(**facts | {"cases": 30, "median_days": 20, "p80_days": 48} | over)


def told(client, case) -> list[str]:
    """What page and sheet say of it; the same on both."""
    pages = [
        client.get(reverse(f"cpor_cases:{name}", args=[case.public_id])).content for name in ("case", "sheet")
    ]
    found = [BeautifulSoup(page, "html.parser").select(".waiting-time") for page in pages]
    page, sheet = ([" ".join(each.text.split()) for each in paragraphs] for paragraphs in found)
    assert page == sheet
    return page


def test_page_and_sheet_say_it_in_plain_words_and_both_languages(client, case, time):
    [words] = told(client, case)
    assert words.endswith(
        "在這個法院，民事案件在「收案」之後，有一半於 3 週內有下一筆進行事項，有八成於 7 週內有。 您的案件可能較久，也可能較快。"
    )

    with translation.override("en"):
        [words] = told(client, case)
    assert words.endswith(
        "At this court, in civil cases, half of all cases had their next entry within 3 weeks after “Case received”; "
        "8 of 10 within 7 weeks. Your case may take longer or shorter."
    )


@pytest.mark.parametrize(
    "over",
    [{"category": "criminal"}, {"kind": "judgment"}, {"court": "SLD"}],
    ids=lambda over: next(iter(over)),
)
def test_what_is_known_of_other_courts_categories_and_kinds_says_nothing(client, case, over):
    if "court" in over:
        over = {"court": factories.make_court(over["court"])}
    make_time(case, **over)

    assert told(client, case) == []


def test_a_court_may_leave_it_out(client, case, time):
    Court.objects.filter(pk=case.court_id).update(tells_waiting_times=False)

    assert told(client, case) == []


def test_it_is_told_after_the_latest_entry_alone(client, case, time):
    factories.make_entry(case, "judgment")
    assert told(client, case) == []

    make_time(case, "judgment")
    assert "種類judgment" in told(client, case)[0]


def test_of_a_case_whose_query_ends_nothing_is_told(client, case, time):
    case.closed_on = timezone.localdate()
    case.save()

    assert told(client, case) == []


def test_after_a_withdrawal_nothing_is_told(client, case, time):
    factories.make_entry(
        case, "judgment", first_seen_at=timezone.now() - dt.timedelta(days=2), withdrawn_at=timezone.now()
    )

    assert told(client, case) == []


def test_a_case_without_entries_waits_for_the_first(client, litigant, court, time):
    empty = factories.make_access(litigant, factories.make_case(court)).case

    assert told(client, empty) == []


def test_it_costs_one_query(client, case, time):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("cpor_cases:case", args=[case.public_id]))
        return len(found)

    queries()  # what is read once by each process
    with_it = queries()
    Court.objects.filter(pk=case.court_id).update(tells_waiting_times=False)

    assert with_it - queries() == 1


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 day"),
        (13, "13 days"),
        (14, "2 weeks"),
        (15, "3 weeks"),
        (182, "26 weeks"),
        (183, "7 months"),
        (365, "12 months"),
    ],
)
def test_the_longer_it_takes_the_rounder_it_is_said_and_never_too_short(case, days, words):
    with translation.override("en"):
        assert f"within {words} " in waiting_time_in_words(make_time(case, median_days=days, p80_days=None))


def test_where_8_of_10_have_not_had_it_yet_half_is_all_that_is_told(client, case):
    make_time(case, p80_days=None)

    with translation.override("en"):
        assert "8 of 10" not in told(client, case)[0]


def test_where_both_are_said_alike_it_is_said_once(client, case):
    make_time(case, median_days=15, p80_days=21)

    with translation.override("en"):
        assert "8 of 10 cases had their next entry within 3 weeks after" in told(client, case)[0]
        assert "half" not in told(client, case)[0]


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("category", Category.values)
def test_each_category_is_named_inside_the_sentence(case, category, language):
    with translation.override(language):
        words = waiting_time_in_words(make_time(case, category=category))

    assert str(Category(category).label) not in words or language == "zh-hant"
    assert "%" not in words
