"""Lists of reference data."""

from functools import cached_property

from wagtail import hooks
from wagtail.snippets.views.snippets import IndexView

from .spelled_search import SpelledSearchMixin
from .translated_order import TranslatedOrderMixin


class ReferenceIndexView(TranslatedOrderMixin, SpelledSearchMixin, IndexView):
    """A list of some hundred rows at most."""


class ProgressKindIndexView(ReferenceIndexView):
    """The kinds of progress entries, with the columns that other apps add: what is counted of each is theirs."""

    @cached_property
    def columns(self) -> list:
        return [*super().columns, *(make() for make in hooks.get_hooks("register_progress_kind_column"))]
