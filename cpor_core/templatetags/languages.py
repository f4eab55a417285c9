"""Marks texts as the language they are in, for screen readers and browsers."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from cpor_core import languages
from cpor_core.translated.fields import language_of

register = template.Library()

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CHINESE = re.compile(f"[0-9]*[{_HAN}]+(?:[0-9、，。；：（）「」]*[{_HAN}]+)*")
_TAG = re.compile(r"(<[^>]*>)")


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


@register.filter
def in_its_language(text: str) -> str:
    """Mark Chinese words in a text of another language as Chinese, so that they are read aloud as such."""
    if languages.is_first():
        return text
    parts = _TAG.split(conditional_escape(text))
    marked = [
        part if part.startswith("<") else _CHINESE.sub(r'<span lang="zh-Hant">\g<0></span>', part)
        for part in parts
    ]
    return mark_safe("".join(marked))  # noqa: S308 (escaped above, or safe before)
