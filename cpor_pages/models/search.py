"""Search over the whole site: pages, forms and the titles of their files, case words, courts."""

from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page

from cpor_core.case_numbers import fold_word, parse_case_number, spellings_of_word
from cpor_core.cjk import LONGEST_QUERY, grams_of_query, is_too_long
from cpor_core.models import CaseWord, Court
from cpor_core.search_text import search_text_of
from cpor_core.spellings import fold_search
from cpor_core.translated.fields import texts

from .base import SitePage
from .case_words import CaseWordsPage
from .court_forms import CourtForm, FormsPage
from .courts import CourtsPage

MOST_HITS = 50
MOST_COURTS = 8

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
        if context["query"] and not context["count"] and not context["is_too_long"]:
            search_missed.send(sender=SearchPage, query=context["query"], request=request)
        return response

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        query = request.GET.get("q", "").replace("\x00", "").strip()
        found = {
            "pages": search_pages(query, locale=self.locale),
            "forms": search_forms(query),
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


def find_word(query: str) -> str:
    """Return the case word that `query` is, or that the case number in it has; nothing if the list does not know it."""
    number = parse_case_number(query)
    word = number.word if number else fold_word(query)
    return (
        CaseWord.objects.filter(word__in=spellings_of_word(word)).values_list("word", flat=True).first() or ""
    )


def find_courts(query: str) -> list[Court]:
    """Return the courts whose name holds `query`, in either language and either spelling of 臺."""
    wanted = fold_search(query)
    if len(wanted) < 2:
        return []
    named = [
        court for court in Court.objects.all() if wanted in search_text_of(*texts(court, "name").values())
    ]
    return named[:MOST_COURTS]
