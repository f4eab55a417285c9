"""The strings for translation in a template, as `makemessages` collects them."""

import ast
import re

from django.utils.translation.template import templatize

_TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(((?:\s*{_TEXT}\s*,?)+)\s*(?:count)?\s*\)")


def messages_of(template: str) -> set[tuple[str | None, str]]:
    """Return context and msgid of each string."""
    found = set()
    for name, arguments in _CALL.findall(templatize(template)):
        texts = ast.literal_eval(f"[{arguments}]")
        found.add((texts[0], texts[1]) if "pgettext" in name else (None, texts[0]))
    return found
