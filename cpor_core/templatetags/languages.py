"""Marks texts as the language they are in, for screen readers and browsers."""

from django import template
from django.utils.html import format_html

from cpor_core import languages
from cpor_core.translated.fields import language_of

register = template.Library()


@register.simple_tag
def html_lang(code: str) -> str:
    """Return a language as browsers and screen readers name it: zh-Hant, en."""
    return languages.tag(code)


@register.simple_tag
def lang_of(row, name: str) -> str:
    """Return the attribute for a text of a row that is not in the reader's language."""
    code = language_of(row, name)
    return "" if code == languages.reader() else format_html(' lang="{}"', languages.tag(code))


@register.filter
def language_name(code: str) -> str:
    """Return what a language is called in the reader's."""
    return languages.name(code)
