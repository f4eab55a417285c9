"""Mail templates rendered once for each shape of their context; for each mail only the texts are filled in.

The shape of a context is everything but its texts: its keys, how many items each list has, which texts are empty, every number
and date. A context with anything else in it (a model, say) has no shape and is rendered anew. Gain: docs/decisions/0012.
"""

import datetime as dt
import re
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape

CACHED = 512
# Private-use characters around the placeholder's number; the & shows whether the template escapes what stands there.
_PLACEHOLDER = re.compile("\ue000([0-9]+)&(amp;)?\ue001")
_BY_VALUE = (bool, int, dt.date, type(None))


class NoShape(Exception):
    """The context holds something other than plain values."""


def render(name: str, context: dict) -> str:
    """Return what Django renders of the template `name` with `context` in the active language."""
    return render_all([name], context)[0]


def render_all(names: list[str], context: dict) -> list[str]:
    """Return what Django renders of each of several templates with the same `context`."""
    texts: list[str] = []
    try:
        shape = _shape_of(context, texts)
    except NoShape:
        return [render_to_string(name, context) for name in names]
    language, day = translation.get_language(), timezone.localdate()
    return [_filled(_compiled(name, language, day, shape), texts) for name in names]


def _filled(pieces: list, texts: list[str]) -> str:
    return "".join(
        piece if isinstance(piece, str) else (escape(texts[piece[0]]) if piece[1] else texts[piece[0]])
        for piece in pieces
    )


def _shape_of(value, texts: list[str]):
    """Return the shape of a value, which is hashable, and append its texts to `texts`."""
    kind = type(value)
    if kind is str:
        if not value:
            return ""
        texts.append(value)
        return _Text
    if kind is dict:
        return (dict, *((key, _shape_of(item, texts)) for key, item in value.items()))
    if kind in (list, tuple):
        return (list, *(_shape_of(item, texts) for item in value))
    if isinstance(value, _BY_VALUE):
        return (kind, value)
    raise NoShape


class _Text:
    """A placeholder for a text in a shape."""


@lru_cache(maxsize=CACHED)
def _compiled(name: str, _language: str | None, _day: dt.date, shape: tuple) -> list:
    """Render the template with numbered placeholders; return its texts, and the number and escaping of each placeholder."""
    rendered = render_to_string(name, _with_placeholders(shape, iter(range(10**6))))
    parts = _PLACEHOLDER.split(rendered)
    pieces: list = [parts[0]]
    for number, escaped, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        pieces += [(int(number), bool(escaped)), text]
    return [piece for piece in pieces if piece != ""]


def _with_placeholders(shape, numbers):
    if shape is _Text:
        return f"\ue000{next(numbers)}&\ue001"
    if shape == "":
        return ""
    if shape[0] is dict:
        return {key: _with_placeholders(value, numbers) for key, value in shape[1:]}
    if shape[0] is list:
        return [_with_placeholders(value, numbers) for value in shape[1:]]
    return shape[1]
