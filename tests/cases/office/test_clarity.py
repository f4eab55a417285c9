"""What editors read of how clear their explanations are: by kind and language, the worst first, small numbers hidden."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cpor_cases.models import ClarityCounter
from cpor_cases.models.clarity_counters import quarter_of
from cpor_cases.office.clarity.reports import latest_quarters
from tests import factories

pytestmark = pytest.mark.django_db

KINDS = "wagtailsnippets_cpor_core_progresskind:list"


def count_votes(kind, question="happened", *, language="zh-hant", place="page", quarter=None, **votes):
    return ClarityCounter.objects.create(
        quarter=quarter or quarter_of(timezone.localdate()),
        kind=factories.make_kind(kind),
        language=language,
        place=place,
        question=question,
        **votes,
    )


@pytest.fixture
def reader(client, editor):
    """An editor, logged in."""
    client.force_login(editor)
    return editor


def rows(page) -> list[list[str]]:
    table = BeautifulSoup(page.content, "html.parser").select("table.listing tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")] for row in table]


def report(client, **query) -> list[list[str]]:
    return [[row[0].split(" ")[0], *row[1:]] for row in rows(client.get(reverse("clarity_report"), query))]


@pytest.mark.usefixtures("reader")
def test_the_least_understood_stand_first_and_those_of_few_votes_last(client):
    count_votes("received", yes=18, partly=1, no=1)
    count_votes("received", "to_do", yes=6, partly=2, no=2)
    count_votes("judgment", yes=5, no=5)
    count_votes("judgment", place="mail", yes=4, no=6)
    count_votes("judgment", language="en", yes=0, no=9)

    found = report(client)

    assert [row[0] for row in found] == ["種類judgment", "種類received", "種類judgment"]
    assert [row[2:] for row in found] == [
        ["是 45%、部分 0%、否 55%（20 份回答）", "回答太少"],
        ["是 90%、部分 5%、否 5%（20 份回答）", "是 60%、部分 20%、否 20%（10 份回答）"],
        ["回答太少", "回答太少"],
    ]


@pytest.mark.usefixtures("reader")
def test_the_report_is_of_the_last_year_or_of_one_quarter(client):
    present, *_between, long_ago = latest_quarters(5)
    count_votes("received", yes=10)
    count_votes("judgment", quarter=long_ago, no=10)

    assert [row[0] for row in report(client)] == ["種類received"]
    assert [row[0] for row in report(client, quarter=long_ago)] == ["種類judgment"]
    assert client.get(reverse("clarity_report"), {"quarter": "x"}).status_code == 200


@pytest.mark.usefixtures("reader")
def test_the_list_of_kinds_shows_how_many_understand_each(client):
    count_votes("received", yes=9, no=1)
    count_votes("received", "to_do", yes=3, no=7)
    count_votes("received", language="en", yes=3)
    factories.make_kind("judgment")

    cells = {
        next(cell for cell in row if cell.startswith("種類")).split(" ")[0]: row[-1]
        for row in rows(client.get(reverse(KINDS)))
    }

    assert "30%" in cells["種類received"]
    assert "回答太少" in cells["種類received"]
    assert cells["種類judgment"] == "–"


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("name", ["clarity_report", KINDS])
def test_as_many_queries_for_many_kinds_as_for_one(client, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(name)).status_code == 200
        return len(found)

    count_votes("kind-1", yes=10)
    queries()
    before = queries()
    for each in range(2, 9):
        for language in ("zh-hant", "en"):
            count_votes(f"kind-{each}", language=language, yes=10)

    assert queries() == before


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_it_goes_out_as_a_file(client, kind):
    count_votes("received", yes=10)

    assert client.get(reverse("clarity_report"), {"export": kind}).status_code == 200


def test_clerks_and_litigants_do_not_read_it(client, clerk, litigant):
    for person in (clerk, litigant):
        client.force_login(person)
        assert client.get(reverse("clarity_report")).status_code in {302, 403}


def test_quarters_are_counted_back_into_earlier_years():
    found = latest_quarters(6)

    assert all(day.day == 1 and day.month in {1, 4, 7, 10} for day in found)
    assert len({*found}) == 6
    assert found == sorted(found, reverse=True)
    assert dt.timedelta(days=89) < found[0] - found[1] < dt.timedelta(days=93)
