"""Links to pages inside the editors' texts."""

from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler


class PlainPageLinkHandler(PageLinkHandler):
    """Wagtail's own asks the database for every type of page that is linked to; an address needs none of that."""

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list[Page | None]:
        return super(PageLinkHandler, cls).get_many(attrs_list)
