"""Pages whose review is due, and the confirmation that one is still right."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from cpor_pages.models import PlainPage
from cpor_pages.office import page_reviews

A_YEAR_AND_A_DAY = dt.timedelta(days=367)


@pytest.fixture
def old_page(public_site) -> Page:
    page = PlainPage.objects.get(slug="about", locale__language_code="zh-hant")
    PlainPage.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - A_YEAR_AND_A_DAY)
    return page


def waiting(user) -> list[str]:
    return [page.slug for page in page_reviews.waiting_for(user)]


def test_a_page_published_a_year_ago_waits_and_the_others_do_not(old_page, editor):
    assert waiting(editor) == ["about"]


def test_eleven_months_are_not_twelve(old_page, editor):
    Page.objects.filter(pk=old_page.pk).update(last_published_at=timezone.now() - dt.timedelta(days=350))

    assert waiting(editor) == []


def test_publishing_is_a_review(old_page, editor):
    old_page.refresh_from_db()
    old_page.save_revision().publish()

    assert waiting(editor) == []


def test_the_page_that_was_reviewed_longest_ago_comes_first(old_page, editor):
    older = PlainPage.objects.filter(slug="privacy")
    older.update(last_published_at=timezone.now() - 2 * A_YEAR_AND_A_DAY)

    assert waiting(editor) == ["privacy", "privacy", "about"]


def test_an_editor_says_that_a_page_is_still_right(client, old_page, editor):
    client.force_login(editor)
    assert old_page.title in client.get(reverse("page_reviews_report")).content.decode()

    client.post(reverse("page_review_note", args=[old_page.pk]))

    assert waiting(editor) == []
    noted = PageLogEntry.objects.get(page=old_page.pk, action="cpor_pages.review")
    assert noted.user == editor
    history = client.get(reverse("wagtailadmin_pages:history", args=[old_page.pk])).content.decode()
    assert str(noted.message) in history
    old_page.refresh_from_db()
    assert not old_page.has_unpublished_changes


def test_a_review_lasts_a_year(client, old_page, editor):
    page_reviews.note_review(old_page, by=editor)

    assert page_reviews.waiting_for(editor, timezone.now() + dt.timedelta(days=30)).count() == 0
    assert old_page.pk in page_reviews.waiting_for(editor, timezone.now() + A_YEAR_AND_A_DAY).values_list(
        "pk", flat=True
    )


def in_language(code: str) -> PlainPage:
    return PlainPage.objects.get(slug="about", locale__language_code=code)


def older(user) -> list[tuple[str, str]]:
    found = page_reviews.older_translations(user)
    return [(page.slug, page.locale.language_code) for page in found]


def test_an_english_page_is_told_to_be_older_once_the_chinese_one_is_published(client, public_site, editor):
    Page.objects.update(last_published_at=timezone.now() - dt.timedelta(days=1))
    assert older(editor) == []
    chinese, english = in_language("zh-hant"), in_language("en")

    chinese.save_revision().publish()

    assert older(editor) == [("about", "en")]
    client.force_login(editor)
    edit = [reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in (chinese, english)]
    for page in edit:
        assert "English 版本較舊" in client.get(page).content.decode()
    assert english.title in client.get(reverse("page_reviews_report")).content.decode()
    home = BeautifulSoup(client.get(reverse("wagtailadmin_home")).content, "html.parser")
    assert [link.text for link in home.find(id="office-older_translations").parent("a")] == [english.title]


@pytest.mark.parametrize("way", ["publish", "review"])
def test_a_translation_that_was_published_or_reviewed_since_is_up_to_date(public_site, editor, way):
    day = timezone.now() - dt.timedelta(days=1)
    Page.objects.update(last_published_at=day)
    Page.objects.filter(pk=in_language("zh-hant").pk).update(last_published_at=day + dt.timedelta(hours=1))
    assert older(editor) == [("about", "en")]

    if way == "publish":
        in_language("en").save_revision().publish()
    else:
        page_reviews.note_review(in_language("en"), by=editor)

    assert older(editor) == []


def test_viewing_the_report_notes_nothing(client, old_page, editor):
    client.force_login(editor)

    client.get(reverse("page_reviews_report"))
    assert client.get(reverse("page_review_note", args=[old_page.pk])).status_code == 405

    assert waiting(editor) == ["about"]


def test_clerks_and_outsiders_neither_see_nor_note_it(client, old_page, clerk, other_litigant):
    for user in (clerk, other_litigant):
        client.force_login(user)
        assert client.get(reverse("page_reviews_report")).status_code in (302, 403)
        assert client.post(reverse("page_review_note", args=[old_page.pk])).status_code in (302, 403)

    assert not PageLogEntry.objects.filter(action="cpor_pages.review").exists()
