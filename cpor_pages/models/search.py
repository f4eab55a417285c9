"""Search over the whole site: pages, forms and the titles of their files."""

from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page

from cpor_pages.cjk import grams_of_query

from .base import SitePage
from .court_forms import CourtForm, FormsPage

MOST_HITS = 50

# Told rather than counted here: the counts know the pages, so the pages cannot know the counts.
search_missed = Signal()


class SearchPage(SitePage):
    """Asks the whole site."""

    template = "cpor_pages/search_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("search")

    def serve(self, request, *args, **kwargs):
        """Note what was sought in vain, for the editors."""
        response = super().serve(request, *args, **kwargs)
        context = response.context_data
        if context["query"] and not context["count"]:
            search_missed.send(sender=SearchPage, query=context["query"])
        return response

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        query = request.GET.get("q", "").strip()
        pages = search_pages(query, locale=self.locale)
        forms = search_forms(query)
        forms_page = FormsPage.objects.live().filter(locale=self.locale).first()
        return context | {
            "query": query,
            "pages": pages,
            "forms": forms if forms_page else [],
            "forms_url": forms_page.get_url(request) if forms_page else "",
            "count": len(pages) + len(forms),
        }


def search_pages(query: str, *, locale: Locale) -> list[Page]:
    """Return the live pages of one language that hold every word of `query`, the best first."""
    grams = grams_of_query(query)
    if not grams:
        return []
    pages = Page.objects.live().filter(locale=locale, depth__gte=2)
    return [page.specific for page in pages.search(grams, operator="and")[:MOST_HITS]]


def search_forms(query: str) -> list[CourtForm]:
    """Return the published forms that hold every word of `query`, in their titles, uses or files."""
    grams = grams_of_query(query)
    if not grams:
        return []
    return list(CourtForm.objects.filter(live=True).search(grams, operator="and")[:MOST_HITS])
