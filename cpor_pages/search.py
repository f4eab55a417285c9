"""Search over the whole site: pages, case words and courts; forms are searched by their queryset."""

from wagtail.models import Locale, Page

from cpor_core.case_numbers import fold_word, parse_case_number, spellings_of_word
from cpor_core.cjk import grams_of_query
from cpor_core.models import CaseWord, Court
from cpor_core.search_text import search_text_of
from cpor_core.spellings import fold_search
from cpor_core.translated.fields import texts

MOST_HITS = 50
MOST_COURTS = 8


def search_pages(query: str, *, locale: Locale) -> list[Page]:
    """Return the live pages of one language that hold every word of `query`, the best first."""
    grams = grams_of_query(query)
    if not grams:
        return []
    pages = Page.objects.live().filter(locale=locale, depth__gte=2)
    return [page.specific for page in pages.search(grams, operator="and")[:MOST_HITS]]


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
