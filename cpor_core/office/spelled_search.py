"""The search of lists with few rows, reference data and accounts: in any spelling, folded while it searches."""

from wagtail.admin.views.generic import IndexView

from cpor_core.search_text import SearchText, holds


class SpelledSearchMixin(IndexView):
    """Each word of the search must be in one of `search_fields`."""

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        queryset = queryset.alias(searched=SearchText(*self.search_fields))
        for word in self.search_query.split():
            queryset = queryset.filter(holds(word, "searched"))
        return queryset
