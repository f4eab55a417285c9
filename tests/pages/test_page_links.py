"""Links to pages inside the editors' texts."""

import time

import pytest
from django.utils import translation
from wagtail.rich_text import expand_db_html

from cpor_core.content_version import versions
from cpor_pages.models import FaqPage


@pytest.mark.parametrize("pages_cached", [0, 10])
def test_a_link_in_a_text_leads_to_the_reader_s_language_and_follows_a_page_that_moves(
    public_site, version, settings, pages_cached, django_capture_on_commit_callbacks
):
    settings.CPOR = settings.CPOR | {"PAGE_CACHE_PAGES": pages_cached}
    faq = FaqPage.objects.get(locale__language_code="zh-hant")
    link = f'<a linktype="page" id="{faq.pk}">x</a>'
    with translation.override("zh-hant"):
        assert expand_db_html(link) == '<a href="/faq/">x</a>'
    with translation.override("en"):
        assert expand_db_html(link) == '<a href="/en/faq/">x</a>'
        assert expand_db_html('<a linktype="page" id="999999">x</a>') == "<a>x</a>"

    with django_capture_on_commit_callbacks(execute=True):
        faq.slug = "questions"
        faq.save_revision().publish()
    time.sleep(2 * versions.READ_EVERY)

    with translation.override("zh-hant"):
        assert expand_db_html(link) == '<a href="/questions/">x</a>'
