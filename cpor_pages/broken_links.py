"""Links from page to page that no longer lead anywhere, because the page was deleted or taken off the site."""

import json
import re
from typing import NamedTuple

from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype=\\?"page\\?"[^>]*>(.*?)</a>')
NUMBER = re.compile(r'\bid=\\?"(\d+)\\?"')
TAG = re.compile(r"<[^>]+>")


class BrokenLink(NamedTuple):
    """A live page, and the words of its link that lead nowhere."""

    page: Page
    words: str


def broken_links() -> list[BrokenLink]:
    """Return every broken link of the live pages, in the order of the tree."""
    live = set(Page.objects.live().values_list("pk", flat=True))
    pages = Page.objects.live().filter(depth__gte=2).order_by("path").specific()
    return [
        BrokenLink(page, words) for page in pages for target, words in links_of(page) if target not in live
    ]


def links_of(page: Page) -> list[tuple[int, str]]:
    """Return the pages that a page's texts link to, with the words of each link."""
    found = []
    for link in PAGE_LINK.finditer(" ".join(texts_of(page))):
        number = NUMBER.search(link[0])
        if number:
            found.append((int(number[1]), TAG.sub("", link[1])))
    return found


def texts_of(page: Page) -> list[str]:
    texts = []
    for field in page._meta.get_fields():
        if isinstance(field, RichTextField):
            texts.append(getattr(page, field.name))
        elif isinstance(field, StreamField):
            raw = list(getattr(page, field.name).raw_data)
            texts.append(json.dumps(raw, ensure_ascii=False))
    return texts
