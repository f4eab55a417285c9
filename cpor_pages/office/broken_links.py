"""Links of the public pages that lead nowhere: to a page or file that was deleted, a page taken off the site, a mistyped address.

What a redirect leads on from leads somewhere.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cpor_core import conf, languages
from cpor_pages.models import ServiceSettings

LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
ATTRIBUTE = re.compile(r"""([a-z]+)="([^"]*)\"""")


class BrokenLink(NamedTuple):
    """A broken link: title and language of its page, the URL to edit that, and the text of the link."""

    title: str
    language: str
    edit_url: str
    words: str


class Link(NamedTuple):
    """What a text links to: a page or a file by its number, or an address somebody typed."""

    kind: str
    target: str
    words: str


def broken_links() -> list[BrokenLink]:
    """Return every broken link of the live pages, in the order of the tree, and that of the notice."""
    leads_somewhere = Targets().hold
    pages = Page.objects.live().filter(depth__gte=2).order_by("path").specific()
    found = [
        BrokenLink(
            page.title, str(page.locale), reverse("wagtailadmin_pages:edit", args=[page.pk]), link.words
        )
        for page in pages
        for link in links_of(page)
        if not leads_somewhere(link)
    ]
    notice = ServiceSettings.load()
    if notice.notice_url and not leads_somewhere(Link("typed", notice.notice_url, "")):
        address = reverse("wagtailsettings:edit", args=["cpor_pages", "servicesettings"])
        found.append(BrokenLink(_("Notice banner"), "", address, notice.notice_url))
    return found


class Targets:
    """Everything that a link can lead to."""

    def __init__(self):
        self.pages = set(map(str, Page.objects.live().values_list("pk", flat=True)))
        self.files = set(map(str, Document.objects.values_list("pk", flat=True)))
        self.paths = {
            urlsplit(page.url).path for page in Page.objects.live().filter(depth__gte=2) if page.url
        }
        redirects = Redirect.objects.select_related("redirect_page")
        # As in Wagtail: a redirect of one site takes precedence over one of all sites.
        self.redirects = {
            each.old_path: each for each in sorted(redirects, key=lambda each: bool(each.site_id))
        }

    def hold(self, link: Link) -> bool:
        if link.kind == "page":
            return link.target in self.pages or self._is_redirected_page(link.target)
        if link.kind == "document":
            return link.target in self.files
        return self._leads_somewhere(link.target)

    def _is_redirected_page(self, key: str) -> bool:
        """Whether a redirect stands at the address of a page that was taken off the site."""
        page = Page.objects.filter(pk=key, depth__gte=2).first() if key.isdecimal() else None
        return bool(page and page.url and self._is_redirected(page.url, ()))

    def _leads_somewhere(self, address: str, passed: tuple[str, ...] = ()) -> bool:
        return (
            self._is_elsewhere(address)
            or self._is_address(urlsplit(address).path)
            or self._is_redirected(address, passed)
        )

    def _is_redirected(self, address: str, passed: tuple[str, ...]) -> bool:
        """Whether a redirect leads on from here, over further ones perhaps, and in the end somewhere."""
        path = Redirect.normalise_path(address.removeprefix(conf.BASE_URL))
        redirect = self.redirects.get(path) or self.redirects.get(urlsplit(path).path)
        if redirect is None or path in passed:
            return False
        if page := redirect.redirect_page:
            return str(page.pk) in self.pages or self._leads_somewhere(page.url or "", (*passed, path))
        return self._leads_somewhere(redirect.redirect_link, (*passed, path))

    def _is_elsewhere(self, address: str) -> bool:
        """Whether an address is on another site. Those are not requested: it would take minutes, and reveal who asks."""
        return not address.removeprefix(conf.BASE_URL).startswith("/") or address.startswith("//")

    def _is_address(self, path: str) -> bool:
        path = unquote(path) or "/"
        if path in self.paths:
            return True
        # An address of ours resolves in its own language alone.
        with translation.override(get_language_from_path(path) or languages.first()):
            try:
                return resolve(path).view_name != "wagtail_serve"
            except Resolver404:
                return False


def links_of(page: Page) -> Iterator[Link]:
    """Yield every link of a page's texts and cards."""
    for field in page._meta.get_fields():
        if isinstance(field, RichTextField):
            yield from _links_in(getattr(page, field.name))
        elif isinstance(field, StreamField):
            yield from _links_in_blocks(list(getattr(page, field.name).raw_data))


def _links_in_blocks(value) -> Iterator[Link]:
    if isinstance(value, str):
        yield from _links_in(value)
    elif isinstance(value, list):
        for each in value:
            yield from _links_in_blocks(each)
    elif isinstance(value, dict):
        if "link_text" in value:  # a card
            yield Link("page", str(value["page"]), value["link_text"])
        for each in value.values():
            yield from _links_in_blocks(each)


def _links_in(html: str) -> Iterator[Link]:
    for attributes, words in LINK.findall(html):
        given = dict(ATTRIBUTE.findall(attributes))
        if given.get("linktype") in ("page", "document"):
            yield Link(given["linktype"], given.get("id", ""), strip_tags(words))
        elif "href" in given:
            yield Link("typed", given["href"], strip_tags(words))
