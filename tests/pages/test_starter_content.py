"""The first pages of a house: whole in both languages, and never in an editor's way."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, Site

from cpor_pages.models import AnswerPage, CourtForm, HomePage, PlainPage
from cpor_pages.starter.tree import TREE


def load():
    call_command("load_starter_content", verbosity=0)


def test_each_page_stands_in_both_languages_as_translations_of_each_other(public_site):
    pages = Page.objects.filter(depth__gte=2)
    zh = pages.filter(locale__language_code="zh-hant")
    en = pages.filter(locale__language_code="en")

    assert zh.count() == en.count() == len(TREE) + 1
    assert set(zh.values_list("translation_key")) == set(en.values_list("translation_key"))
    assert not pages.filter(live=False).exists()


def test_loading_again_changes_nothing(public_site):
    before = list(Page.objects.order_by("pk").values_list("pk", "title", "latest_revision"))

    load()

    assert list(Page.objects.order_by("pk").values_list("pk", "title", "latest_revision")) == before
    assert CourtForm.objects.count() == 7


def test_an_edited_page_stays_as_it_is(public_site):
    about = PlainPage.objects.get(slug="about", locale__language_code="en")
    about.title = "Rewritten"
    about.save_revision().publish()

    load()

    about.refresh_from_db()
    assert about.title == "Rewritten"


def test_a_page_that_is_missing_is_made_again(public_site):
    AnswerPage.objects.get(slug="dates", locale__language_code="en").delete()

    load()

    again = AnswerPage.objects.get(slug="dates", locale__language_code="en")
    first = AnswerPage.objects.get(slug="dates", locale__language_code="zh-hant")
    assert again.translation_key == first.translation_key


def test_the_site_begins_at_the_chinese_home_page(public_site):
    root = Site.objects.get(is_default_site=True).root_page

    assert root.specific == HomePage.objects.get(locale__language_code="zh-hant")


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_link_between_pages_leads_somewhere(public_site, client, language):
    for page in Page.objects.filter(locale__language_code=language, depth__gte=2):
        html = client.get(page.url).content.decode()

        assert 'href="page:' not in html
        assert "<a>" not in html, page.url  # a link to a page that is gone
