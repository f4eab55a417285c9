"""The page that searches the whole site."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cpor_core.cjk import LONGEST_QUERY, is_too_long
from cpor_pages.search import find_courts, find_word, search_pages
from cpor_pages.signals import search_missed

from .base import SitePage
from .case_words_page import CaseWordsPage
from .court_forms import CourtForm
from .courts_page import CourtsPage
from .forms_page import FormsPage


class SearchPage(SitePage):
    """Site search: pages, forms, case words and courts."""

    template = "cpor_pages/search_page.html"
    parent_page_types = ["cpor_pages.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("search")

    def serve(self, request, *args, **kwargs):
        """Send `search_missed` for a search without a hit, which is counted for the editors."""
        response = super().serve(request, *args, **kwargs)
        context = response.context_data
        if context["query"] and not context["count"] and not context["is_too_long"]:
            search_missed.send(sender=SearchPage, query=context["query"], request=request)
        return response

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        query = request.GET.get("q", "").replace("\x00", "").strip()
        found = {
            "pages": search_pages(query, locale=self.locale),
            "forms": CourtForm.objects.matching(query),
            "word": "" if is_too_long(query) else find_word(query),
            "courts": find_courts(query),
        }
        addresses = {
            "forms_url": self._address_of(FormsPage, request),
            "words_url": self._address_of(CaseWordsPage, request),
            "courts_url": self._address_of(CourtsPage, request),
        }
        # What has no page to lead to is no hit.
        found["forms"] = found["forms"] if addresses["forms_url"] else []
        found["word"] = found["word"] if addresses["words_url"] else ""
        found["courts"] = found["courts"] if addresses["courts_url"] else []
        count = len(found["pages"]) + len(found["forms"]) + len(found["courts"]) + bool(found["word"])
        limits = {"is_too_long": is_too_long(query), "most": LONGEST_QUERY}
        return context | found | addresses | limits | {"query": query, "count": count}

    def _address_of(self, model: type[Page], request) -> str:
        page = model.objects.live().filter(locale=self.locale).first()
        return page.get_url(request) if page else ""
