"""The search of lists with few rows, reference data and accounts: in any spelling, folded while it searches."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.admin.views.generic import IndexView

from cpor_core.search_text import SearchText, holds


class SpelledSearchMixin(IndexView):
    """Each word of the search must be in one of `search_fields`."""

    def search_queryset(self, queryset):
        return with_words(queryset, self.search_query, self.search_fields) if self.is_searching else queryset


def with_words(rows: QuerySet, text: str, columns: Iterable[Any]) -> QuerySet:
    """Narrow the rows to those that hold each word of the text in one of the columns, which are names of fields or expressions."""
    rows = rows.alias(searched=SearchText(*columns))
    for word in text.split():
        rows = rows.filter(holds(word, "searched"))
    return rows
