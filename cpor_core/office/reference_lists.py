"""Lists of reference data."""

from wagtail.snippets.views.snippets import IndexView

from .spelled_search import SpelledSearchMixin
from .translated_order import TranslatedOrderMixin


class ReferenceIndexView(TranslatedOrderMixin, SpelledSearchMixin, IndexView):
    """A list of some hundred rows at most."""
