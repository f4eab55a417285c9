"""The order of lists by texts in several languages."""

from cpor_core.translated.fields import fields_of


class TranslatedOrderMixin:
    """Sorts a list by the text that its reader sees."""

    def order_queryset(self, queryset):
        translated = {field.name for field in fields_of(queryset.model)}
        ordering = self.ordering or ()
        names = (ordering,) if isinstance(ordering, str) else tuple(ordering)
        if not translated & {name.lstrip("-") for name in names}:
            return super().order_queryset(queryset)
        return queryset.order_by(
            *(f"{name}__reader" if name.lstrip("-") in translated else name for name in names)
        )
