"""The first pages of a site: whole in both languages, and never in an editor's way."""

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, PageLogEntry, Site

from cpor_pages.models import AnswerPage, CourtForm, FaqPage, HomePage, PlainPage, RoleGroup, SiteMapPage
from cpor_pages.office.broken_links import broken_links
from cpor_pages.starter import creation_log
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
    assert CourtForm.objects.count() == 10


@pytest.fixture
def own_start_page(db):
    """A site of somebody else, which begins with a page of its own and never had any of ours."""
    PageLogEntry.objects.filter(action=creation_log.BEGUN).delete()
    for home in Page.objects.filter(depth=2).specific():
        home.delete()
    page = Page.objects.get(depth=1).add_child(instance=PlainPage(title="Ours", slug="ours"))
    Site.objects.update_or_create(is_default_site=True, defaults={"root_page": page, "hostname": "localhost"})
    return page


def test_a_site_with_a_start_page_of_its_own_is_left_alone(own_start_page):
    before = Page.objects.count()

    with pytest.raises(CommandError, match="Ours"):
        load()

    assert Page.objects.count() == before
    assert Site.objects.get(is_default_site=True).root_page_id == own_start_page.pk


def test_such_a_site_has_the_pages_below_a_home_page_that_its_editor_made(own_start_page):
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title="案件進度", slug="courts"))

    load()

    assert Site.objects.get(is_default_site=True).root_page_id == own_start_page.pk
    home.refresh_from_db()
    assert home.get_children().filter(slug="forms", live=True).exists()
    assert HomePage.objects.get(locale__language_code="en").get_children().filter(slug="forms").exists()


def test_an_edited_page_stays_as_it_is(public_site):
    about = PlainPage.objects.get(slug="about", locale__language_code="en")
    about.title = "Rewritten"
    about.save_revision().publish()

    load()

    about.refresh_from_db()
    assert about.title == "Rewritten"


def forget(*, path: str) -> None:
    """As in a site begun before this page was thought of."""
    PageLogEntry.objects.filter(action=creation_log.BEGUN, data__starter__endswith=f"/{path}").delete()


def test_a_page_that_a_new_release_brings_is_made_as_the_translation_of_its_twin(public_site):
    AnswerPage.objects.get(slug="dates", locale__language_code="en").delete()
    forget(path="faq/dates")

    load()

    again = AnswerPage.objects.get(slug="dates", locale__language_code="en")
    first = AnswerPage.objects.get(slug="dates", locale__language_code="zh-hant")
    assert again.translation_key == first.translation_key
    assert again.live


def test_a_page_that_an_editor_deleted_stays_away(public_site):
    AnswerPage.objects.get(slug="dates", locale__language_code="en").delete()

    load()

    assert not AnswerPage.objects.filter(slug="dates", locale__language_code="en").exists()
    assert AnswerPage.objects.filter(slug="dates").count() == 1


def test_with_its_parent_all_below_it_stays_away(public_site):
    FaqPage.objects.get(locale__language_code="en").delete()

    load()

    assert not AnswerPage.objects.filter(locale__language_code="en").exists()


def test_a_page_taken_off_the_site_stays_off(public_site):
    PlainPage.objects.get(slug="about", locale__language_code="en").unpublish()

    load()

    assert not PlainPage.objects.get(slug="about", locale__language_code="en").live


def test_a_page_renamed_or_moved_is_not_made_twice(public_site):
    about = PlainPage.objects.get(slug="about", locale__language_code="en")
    about.slug = "about-us"
    about.save_revision().publish()
    privacy = PlainPage.objects.get(slug="privacy", locale__language_code="en")
    security = PlainPage.objects.get(slug="security", locale__language_code="en")
    security.move(privacy, pos="last-child")
    before = Page.objects.count()

    load()

    assert Page.objects.count() == before


def test_a_site_begun_before_this_was_noted_is_known_by_its_addresses(public_site):
    PageLogEntry.objects.filter(action=creation_log.BEGUN).delete()
    before = Page.objects.count()

    load()
    assert Page.objects.count() == before

    AnswerPage.objects.get(slug="dates", locale__language_code="en").delete()
    load()
    assert Page.objects.count() == before - 1


def test_a_link_to_a_page_that_is_gone_becomes_plain_words(public_site):
    PlainPage.objects.get(slug="about", locale__language_code="en").delete()
    forget(path="about")
    SiteMapPage.objects.get(locale__language_code="zh-hant").delete()
    PlainPage.objects.get(slug="accessibility", locale__language_code="zh-hant").delete()
    forget(path="accessibility")

    load()

    body = str(PlainPage.objects.get(slug="accessibility", locale__language_code="zh-hant").body)
    assert "網站導覽" in body
    assert broken_links() == []


@pytest.mark.parametrize(
    ("model", "change"),
    [(CourtForm, "delete"), (CourtForm, "rename"), (RoleGroup, "delete"), (RoleGroup, "rename")],
)
def test_forms_and_groups_deleted_or_renamed_are_not_made_again(public_site, model, change):
    one = model.objects.first()
    if change == "delete":
        one.delete()
    else:
        one.slug = "another-name"
        one.save()
    before = model.objects.count()

    load()

    assert model.objects.count() == before


def test_the_site_begins_at_the_chinese_home_page(public_site):
    root = Site.objects.get(is_default_site=True).root_page

    assert root.specific == HomePage.objects.get(locale__language_code="zh-hant")


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_link_between_pages_leads_somewhere(public_site, client, language):
    for page in Page.objects.filter(locale__language_code=language, depth__gte=2):
        html = client.get(page.url).content.decode()

        assert 'href="page:' not in html
        assert "<a>" not in html, page.url  # a link to a page that is gone
