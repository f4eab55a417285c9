"""Each word of a page is marked as the language it is in, so that a screen reader reads it right."""

import re

import pytest
from bs4 import BeautifulSoup
from django.utils import translation
from django.utils.safestring import mark_safe
from wagtail.models import Page

from cpor_core.templatetags.languages import in_its_language

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
BESIDE_THE_TREE = [
    "/en/case-words/?check_word=115年度訴字第123號",
    "/en/case-words/?check_word=金馬簡",
    "/en/case-words/history/",
    "/en/search/?q=勞專調",
    "/en/search/?q=長頸鹿",
    "/en/faq/?q=長頸鹿",
    "/en/news/",
]


def unmarked(html: str) -> list[str]:
    """Return the Chinese words whose nearest language is not Chinese."""
    soup = BeautifulSoup(html, "html.parser")
    texts = [text for text in soup.body.find_all(string=HAN) if text.parent.name not in ("script", "style")]
    return [text for text in texts if text.find_parent(lang=True)["lang"] != "zh-Hant"]


def test_chinese_words_in_english_pages_are_marked(public_site, client):
    for page in Page.objects.live().filter(depth__gte=2, locale__language_code="en"):
        assert unmarked(client.get(page.url).content.decode()) == [], page.url


@pytest.mark.parametrize("path", BESIDE_THE_TREE)
def test_so_are_those_beside_the_tree_and_what_the_reader_typed(public_site, client, path):
    assert unmarked(client.get(path).content.decode()) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (
            "In 115年度訴字第123號 it is 訴.",
            'In <span lang="zh-Hant">115年度訴字第123號</span> it is <span lang="zh-Hant">訴</span>.',
        ),
        (mark_safe('<a title="股別">x</a>'), '<a title="股別">x</a>'),
        ("<b>訴</b>", '&lt;b&gt;<span lang="zh-Hant">訴</span>&lt;/b&gt;'),
        ("Room 12", "Room 12"),
    ],
)
def test_a_run_is_marked_whole_and_nothing_else(text, marked):
    with translation.override("en"):
        assert in_its_language(text) == marked


def test_in_chinese_pages_nothing_is_marked():
    with translation.override("zh-hant"):
        assert in_its_language("訴") == "訴"
