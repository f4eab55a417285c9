"""The record of the service: the editors' texts, faults and works around the figures, which come from elsewhere."""

import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError
from django.utils import timezone

from cpor_cases.models import TimeToKnow
from cpor_cases.models.times_to_know import LIMITS
from cpor_core import signals
from cpor_pages.models import RecordPage
from tests import factories

PAGES = {"zh-hant": "/record/", "en": "/en/record/"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def page(public_site):
    return RecordPage.objects.get(locale__language_code="en")


@pytest.fixture
def copies(settings, tmp_path):
    settings.CPOR = settings.CPOR | {"VAR_DIR": tmp_path}


def day(offset: int) -> str:
    return (timezone.localdate() + offset * DAY).isoformat()


def announce(page, name: str, *items: dict) -> None:
    """Publish faults or works: each with a title, and its days as offsets from today."""
    kind = name.removesuffix("s")
    values = [
        {"title": each["title"], "text": "<p>Please log in.</p>"}
        | {key: day(each[key]) for key in ("first_day", "last_day") if key in each}
        for each in items
    ]
    setattr(page, name, json.dumps([{"type": kind, "value": value} for value in values]))
    page.save_revision().publish()


def sections(client, path=PAGES["en"]) -> dict[str, list[str]]:
    """Return the headings of items by the heading or summary that they stand below."""
    soup = BeautifulSoup(client.get(path).content, "html.parser")
    found: dict[str, list[str]] = {}
    for item in soup.select("main .record-item"):
        past = item.find_parent("details")
        above = past.find("summary") if past else item.find_previous("h2")
        found.setdefault(above.get_text(strip=True), []).append(item.h3.get_text(strip=True))
    return found


@pytest.mark.parametrize("language", PAGES)
def test_it_shows_figures_and_leads_to_the_same_as_a_file(public_site, client, court, language):
    groups = [10, *[0] * len(LIMITS)]
    TimeToKnow.objects.create(
        month=timezone.localdate().replace(day=1), kind="progress", court=court, counts=groups
    )

    soup = BeautifulSoup(client.get(PAGES[language]).content, "html.parser")

    assert "100.0%" in soup.main.get_text()
    prefix = "/en" if language == "en" else ""
    assert soup.select_one("main a[download]")["href"] == f"{prefix}/record/figures.csv"


@pytest.mark.parametrize("language", PAGES)
def test_the_footer_of_every_page_and_the_site_map_lead_there(public_site, client, language):
    prefix = PAGES[language].removesuffix("record/")
    for path, part in ((f"{prefix}faq/", "footer"), (f"{prefix}sitemap/", "main")):
        soup = BeautifulSoup(client.get(path).content, "html.parser")
        assert PAGES[language] in {link["href"] for link in soup.select(f"{part} a")}


def test_what_is_over_moves_to_the_past_by_itself_and_after_a_year_goes(page, client):
    announce(
        page,
        "faults",
        {"title": "Slow search", "first_day": -3},
        {"title": "Wrong link", "first_day": -9, "last_day": -2},
    )
    announce(
        page,
        "works",
        {"title": "New disks", "first_day": 5},
        {"title": "Today's", "first_day": 0},
        {"title": "Yesterday's", "first_day": -1},
        {"title": "Two days", "first_day": -1, "last_day": 1},
        {"title": "Long ago", "first_day": -400},
    )

    assert sections(client) == {
        "Known faults": ["Slow search"],
        "Planned works": ["New disks", "Today's", "Two days"],
        "Past faults and works": ["Yesterday's", "Wrong link"],
    }


def test_days_stand_in_both_calendars(page, client):
    announce(page, "works", {"title": "New disks", "first_day": 5})

    text = client.get(PAGES["en"]).content.decode()

    year = (timezone.localdate() + 5 * DAY).year
    assert f"ROC {year - 1911}" in text


def test_with_nothing_to_tell_it_says_so(public_site, client):
    text = client.get(PAGES["en"]).content.decode()

    assert "None that we know of." in text
    assert "None at present." in text


@pytest.mark.parametrize("typed", ["2026-12-05", "115/12/05", "民國115年12月5日"])
def test_editors_type_a_day_in_either_calendar(typed):
    block = RecordPage._meta.get_field("works").stream_block.child_blocks["work"].child_blocks["first_day"]

    value = block.value_from_datadict({"first_day": typed}, {}, "first_day")

    assert block.clean(value) == dt.date(2026, 12, 5)
    assert block.to_python(block.get_prep_value(block.clean(value)).isoformat()) == dt.date(2026, 12, 5)


def test_an_editor_opens_and_publishes_it(page, client, chief_editor):
    client.force_login(chief_editor)

    assert client.get(f"/office/pages/{page.pk}/edit/").status_code == 200


def test_without_the_service_it_has_no_figures(page, client, monkeypatch):
    monkeypatch.setattr(signals.record_asked, "receivers", [])
    signals.record_asked.sender_receivers_cache.clear()

    assert "figures.csv" not in client.get(PAGES["en"]).content.decode()


def test_when_the_database_does_not_answer_the_last_copy_is_shown(page, client, monkeypatch, copies):
    client.raise_request_exception = False
    client.get(PAGES["en"])

    monkeypatch.setattr(RecordPage, "get_context", _away)
    shown, other = client.get(PAGES["en"]), client.get(PAGES["zh-hant"])

    assert shown.status_code == 200
    assert "our database does not answer" in shown.content.decode()
    assert f"{timezone.localdate().year}" in shown.content.decode()
    assert other.status_code == 503


def test_a_new_visit_makes_the_copy_anew(page, client, monkeypatch, copies):
    client.get(PAGES["en"])
    announce(page, "faults", {"title": "Slow search", "first_day": -3})
    client.get(PAGES["en"])
    client.raise_request_exception = False
    monkeypatch.setattr(RecordPage, "get_context", _away)

    assert "Slow search" in client.get(PAGES["en"]).content.decode()


def _away(*_args, **_named):
    raise OperationalError("the database is away")


def test_who_is_logged_in_leaves_no_copy(page, client, litigant, monkeypatch, copies):
    client.force_login(litigant)
    client.get(PAGES["en"])
    client.logout()
    client.cookies.clear()
    client.raise_request_exception = False
    monkeypatch.setattr(RecordPage, "get_context", _away)

    assert client.get(PAGES["en"]).status_code == 503


def test_small_numbers_of_a_court_are_hidden(public_site, client, court):
    month = (timezone.localdate().replace(day=1) - DAY).replace(day=1)
    TimeToKnow.objects.create(month=month, kind="progress", court=court, counts=[9, *[0] * len(LIMITS)])
    factories.make_court()

    text = client.get(PAGES["en"]).content.decode()

    assert "too few emails" in text
    assert "100.0%" not in text
