"""Texts in several languages in the lists of the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cpor_core import languages
from cpor_core.punctuation import in_a_row, labelled
from cpor_core.translated.fields import fields_of, texts


class OtherLanguagesColumn(Column):
    """A text in the languages that are not the reader's."""

    def __init__(self, name: str, **kwargs):
        super().__init__(name, label=_("In other languages"), **kwargs)

    def get_value(self, instance):
        found = texts(instance, self.name)
        others = [code for code in languages.codes() if code != languages.reader() and found.get(code)]
        if len(languages.codes()) == 2:
            return "".join(found[code] for code in others)
        return in_a_row(labelled(languages.name(code), found[code]) for code in others)


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
