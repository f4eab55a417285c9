"""Page links in rich text."""

from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from cpor_core import conf, content_version


class PlainPageLinkHandler(PageLinkHandler):
    """Resolves page links from cached URLs: Wagtail's handler queries each linked page and its specific type."""

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list[Page | None]:
        return super(PageLinkHandler, cls).get_many(attrs_list)

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        """A page of questions has many texts with links: the addresses of all pages are cached."""
        if not conf.PAGE_CACHE_PAGES:
            return super().expand_db_attributes_many(attrs_list)
        addresses = content_version.cached(f"page_addresses.{get_language()}", addresses_of_pages)
        found = [addresses.get(str(attrs.get("id"))) for attrs in attrs_list]
        return [f'<a href="{escape(address)}">' if address else "<a>" for address in found]


def addresses_of_pages() -> dict[str, str]:
    """Return where a link to each page leads a reader of the language now active: to its translation, if there is one."""
    pages = list(Page.objects.filter(depth__gte=2).select_related("locale"))
    twins = {
        page.translation_key: page
        for page in pages
        if page.live and page.locale.language_code == get_language()
    }
    found = {str(page.pk): twins.get(page.translation_key, page).url for page in pages}
    return {key: address for key, address in found.items() if address}
