"""Lists of reference data."""

from functools import cached_property

from wagtail import hooks
from wagtail.snippets.views.snippets import IndexView

from cpor_core.translated.fields import fields_of

from .spelled_search import SpelledSearchMixin


class ReferenceIndexView(SpelledSearchMixin, IndexView):
    """A list of some hundred rows at most. A text in several languages is sorted by the one that the reader sees."""

    def order_queryset(self, queryset):
        translated = {field.name for field in fields_of(queryset.model)}
        ordering = self.ordering or ()
        names = (ordering,) if isinstance(ordering, str) else tuple(ordering)
        if not translated & {name.lstrip("-") for name in names}:
            return super().order_queryset(queryset)
        return queryset.order_by(
            *(f"{name}__reader" if name.lstrip("-") in translated else name for name in names)
        )


class ProgressKindIndexView(ReferenceIndexView):
    """The kinds of progress entries, with the columns that other apps add: what is counted of each is theirs."""

    @cached_property
    def columns(self) -> list:
        return [*super().columns, *(make() for make in hooks.get_hooks("register_progress_kind_column"))]
