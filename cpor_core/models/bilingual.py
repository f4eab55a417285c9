"""Reference data has its words in both languages, side by side in one row."""

from django.utils.translation import get_language


def in_reader_language(zh: str, en: str) -> str:
    """Return the text in the language now active, or the other one where that is empty."""
    if (get_language() or "").startswith("en"):
        return en or zh
    return zh or en


def foreign_language(zh: str, en: str) -> str:
    """Return the language of what `in_reader_language` gives, as HTML names it; empty where it is the reader's own."""
    if (get_language() or "").startswith("en"):
        return "" if en or not zh else "zh-Hant"
    return "" if zh or not en else "en"
