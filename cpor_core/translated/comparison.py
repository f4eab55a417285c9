"""How Wagtail shows the difference between two versions of a text in several languages."""

from django.utils.html import format_html, format_html_join
from wagtail.admin.compare import FieldComparison, diff_text, register_comparison_class

from cpor_core import languages

from .fields import TranslatedField


class TranslatedFieldComparison(FieldComparison):
    """The texts of each language, word by word."""

    def htmldiff(self):
        codes = [code for code in languages.codes() if self.val_a.get(code) or self.val_b.get(code)]
        rows = ((languages.name(code), self._difference(code)) for code in codes)
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))

    def _difference(self, code: str) -> str:
        return diff_text(self.val_a.get(code, ""), self.val_b.get(code, "")).to_html()


def register() -> None:
    register_comparison_class(TranslatedField, comparison_class=TranslatedFieldComparison)
