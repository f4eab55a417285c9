"""What an editor schedules happens by itself: pages and forms go on the site, and off it, at their hour."""

import datetime as dt

import pytest
from django.utils import timezone

from cpor_pages import tasks
from cpor_pages.models import CourtForm, PlainPage

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def about(public_site) -> PlainPage:
    return PlainPage.objects.get(slug="about", locale__language_code="zh-hant")


@pytest.fixture
def an_hour_later(monkeypatch):
    now = timezone.now() + 2 * HOUR
    return lambda: monkeypatch.setattr(timezone, "now", lambda: now)


def schedule(thing, **over) -> None:
    """Hand in a change that is to be seen in an hour."""
    for name, value in over.items():
        setattr(thing, name, value)
    thing.go_live_at = timezone.now() + HOUR
    thing.save_revision().publish()


def test_a_page_goes_on_the_site_at_its_hour_and_not_before(client, about, an_hour_later):
    schedule(about, title="明天起的說明")
    tasks.keep_the_schedule.call_local()
    assert "明天起的說明" not in client.get("/about/").content.decode()

    an_hour_later()
    tasks.keep_the_schedule.call_local()

    assert "明天起的說明" in client.get("/about/").content.decode()


def test_a_page_leaves_the_site_at_its_hour(client, about, an_hour_later):
    about.expire_at = timezone.now() + HOUR
    about.save_revision().publish()
    assert client.get("/about/").status_code == 200

    an_hour_later()
    tasks.keep_the_schedule.call_local()

    assert client.get("/about/").status_code == 404


def test_a_form_goes_on_the_site_at_its_hour(client, public_site, an_hour_later):
    form = CourtForm.objects.get(slug="civil-complaint")
    schedule(form, title_zh="明天起的書狀")
    assert "明天起的書狀" not in client.get("/forms/").content.decode()

    an_hour_later()
    tasks.keep_the_schedule.call_local()

    assert "明天起的書狀" in client.get("/forms/").content.decode()
