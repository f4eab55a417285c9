"""What an editor schedules happens by itself: pages and forms go on the site, and off it, at their hour."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin.admin_url_finder import AdminURLFinder

from cpor_pages import tasks
from cpor_pages.models import CourtForm, FaqPage, PlainPage

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
    schedule(form, title={"zh-hant": "明天起的書狀", "en": "Form of tomorrow"})
    assert "明天起的書狀" not in client.get("/forms/").content.decode()

    an_hour_later()
    tasks.keep_the_schedule.call_local()

    assert "明天起的書狀" in client.get("/forms/").content.decode()


@pytest.fixture
def expired(public_site) -> list:
    """A page and a form whose schedule has run."""
    questions = FaqPage.objects.get(locale__language_code="zh-hant")
    things = [questions, CourtForm.objects.get(slug="civil-complaint")]
    for thing in things:
        thing.go_live_at, thing.expire_at = timezone.now() - 2 * HOUR, timezone.now() - HOUR
        thing.save_revision().publish()
    tasks.keep_the_schedule.call_local()
    return things


def address_of(thing) -> str:
    return AdminURLFinder().get_edit_url(thing)


def typed(client, thing) -> dict:
    """Return what the form of a thing would send as it is opened."""
    form = BeautifulSoup(client.get(address_of(thing)).content, "html.parser").find(
        "form", {"data-edit-form": True}
    )
    fields = [field for field in form.find_all(["input", "textarea", "select"]) if field.get("name")]
    return {field["name"]: value_of(field) for field in fields if value_of(field) is not None}


def value_of(field) -> str | list | None:
    if field.name == "select":
        return [option["value"] for option in field.find_all("option", selected=True)]
    if field.name == "textarea":
        return field.text
    if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
        return None
    return field.get("value", "")


def test_what_has_expired_can_be_changed_and_published_again(client, chief_editor, expired):
    client.force_login(chief_editor)
    for thing in expired:
        title = "title_zh-hant" if isinstance(thing, CourtForm) else "title"
        assert not type(thing).objects.get(pk=thing.pk).live

        changed = typed(client, thing) | {title: "換過的標題"}
        assert changed["expire_at"]
        client.post(address_of(thing), changed)

        thing.refresh_from_db()
        draft = thing.get_latest_revision_as_object()
        assert draft.title == "換過的標題"

        client.post(address_of(thing), typed(client, thing) | {"action-publish": "1"})
        tasks.keep_the_schedule.call_local()

        assert type(thing).objects.get(pk=thing.pk).live


def test_an_expiry_typed_into_the_past_is_refused(client, chief_editor, expired):
    client.force_login(chief_editor)
    for thing in expired:
        response = client.post(address_of(thing), typed(client, thing) | {"expire_at": "2026-01-04 09:00"})

        assert gettext("Expiry date/time must be in the future.") in response.content.decode()
        before = thing.latest_revision_id
        thing.refresh_from_db()
        assert thing.latest_revision_id == before
