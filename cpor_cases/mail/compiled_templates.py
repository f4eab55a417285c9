"""Letters as printed forms: a letter is rendered once for each shape of its facts, and then only its blanks are filled.

The shape of facts is everything but their texts: which there are, how many, whether one is empty, every number and
day. Facts that are not plain (a model, say) have no shape: such a letter is rendered anew each time. The bytes of a
message are put together in the same way, in a cover that Django makes once.
"""

import datetime as dt
import re
from email.message import Message
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import forbid_multi_line_headers
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape

FORMS_KEPT = 512
# Private-use characters around the blank's number; the & shows whether the template escapes what stands there.
_BLANK = re.compile("\ue000([0-9]+)&(amp;)?\ue001")
# A value without a place at which a line may be broken (RFC 5322, 2.2.3, and the library's own commas and semicolons).
_IN_ONE_PIECE = re.compile("[!-+\\--:<-~]+")
_BY_VALUE = (bool, int, dt.date, type(None))
FOLDED_AT = 78
LONGEST_LINE = 998  # RFC 5322, 2.1.1: longer ones must be wrapped, which is Django's business


class NoShape(Exception):
    """These facts are not plain, so there is no form for them."""


def render(name: str, facts: dict) -> str:
    """Return what Django renders of the template `name` with `facts` in the active language."""
    return render_all([name], facts)[0]


def render_all(names: list[str], facts: dict) -> list[str]:
    """Return what Django renders of each of several templates with the same `facts`."""
    texts: list[str] = []
    try:
        shape = _shape_of(facts, texts)
    except NoShape:
        return [render_to_string(name, facts) for name in names]
    language, day = translation.get_language(), timezone.localdate()
    return [_filled(_form(name, language, day, shape), texts) for name in names]


def _filled(form: list, texts: list[str]) -> str:
    return "".join(
        piece if isinstance(piece, str) else (escape(texts[piece[0]]) if piece[1] else texts[piece[0]])
        for piece in form
    )


def _shape_of(fact, texts: list[str]):
    """Return the shape of a fact, a hashable value, and collect its texts in `texts`."""
    kind = type(fact)
    if kind is str:
        if not fact:
            return ""
        texts.append(fact)
        return _Text
    if kind is dict:
        return (dict, *((key, _shape_of(value, texts)) for key, value in fact.items()))
    if kind in (list, tuple):
        return (list, *(_shape_of(value, texts) for value in fact))
    if isinstance(fact, _BY_VALUE):
        return (kind, fact)
    raise NoShape


class _Text:
    """The place of a text in a shape."""


@lru_cache(maxsize=FORMS_KEPT)
def _form(name: str, _language: str, _day: dt.date, shape: tuple) -> list:
    """Render the template with numbered blanks, and return its pieces: texts, and blanks as number and escaping."""
    rendered = render_to_string(name, _with_blanks(shape, iter(range(10**6))))
    parts = _BLANK.split(rendered)
    pieces: list = [parts[0]]
    for number, escaped, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        pieces += [(int(number), bool(escaped)), text]
    return [piece for piece in pieces if piece != ""]


def _with_blanks(shape, numbers):
    if shape is _Text:
        return f"\ue000{next(numbers)}&\ue001"
    if shape == "":
        return ""
    if shape[0] is dict:
        return {key: _with_blanks(value, numbers) for key, value in shape[1:]}
    if shape[0] is list:
        return [_with_blanks(value, numbers) for value in shape[1:]]
    return shape[1]


class Letter(EmailMultiAlternatives):
    """A message of text and HTML to one address. Its bytes are what Django would make, several times as fast."""

    def __init__(self, *, html: str, **message):
        super().__init__(**message)
        self.html = html
        self.attach_alternative(html, "text/html")

    def as_bytes(self) -> bytes:
        """Return the message as it goes over the wire."""
        bodies = [self.body.encode(), self.html.encode()]
        cover, boundary = _cover(self.body.isascii(), self.html.isascii())
        if not self.body or not all(_fits(body, boundary) for body in bodies):
            return self.message().as_bytes(linesep="\r\n")
        text, html = bodies
        whole = b"".join((cover[0], self._header(), cover[1], text, cover[2], html, cover[3]))
        return whole.replace(b"\n", b"\r\n")

    def _header(self) -> bytes:
        lines = [
            _kept_line("Subject", self.subject),
            _kept_line("From", self.from_email),
            _line("To", ", ".join(self.to)),
        ]
        lines += [_line(name, value) for name, value in self.extra_headers.items()]
        return "".join(lines).encode("ascii")


def _fits(body: bytes, boundary: bytes) -> bool:
    return b"\r" not in body and boundary not in body and max(map(len, body.split(b"\n"))) <= LONGEST_LINE


def _line(name: str, value: str) -> str:
    """Return a header line, encoded and folded as Django and the standard library do it."""
    name, value = forbid_multi_line_headers(name, value, settings.DEFAULT_CHARSET)
    if len(name) + len(value) + 2 <= FOLDED_AT and "\n" not in value:
        return f"{name}: {value}\n"
    if _IN_ONE_PIECE.fullmatch(value):
        return f"{_start_of_long_line(name, len(value))}{value}\n"
    return _line_by_library(name, value)


def _line_by_library(name: str, value: str) -> str:
    message = Message()
    message[name] = value
    return message.as_bytes().decode("ascii").removesuffix("\n")


@lru_cache(maxsize=FORMS_KEPT)
def _start_of_long_line(name: str, length: int) -> str:
    """Return what the library writes before a value of that length in which it cannot break the line."""
    return _line_by_library(name, "x" * length).removesuffix("x" * length + "\n")


@lru_cache(maxsize=FORMS_KEPT)
def _kept_line(name: str, value: str) -> str:
    return _line(name, value)


@lru_cache
def _cover(is_text_ascii: bool, is_html_ascii: bool) -> tuple[list[bytes], bytes]:
    """Return Django's bytes around header lines, text and HTML, and the boundary between the parts."""
    text, html = (
        word if is_ascii else f"{word}\ue002"
        for word, is_ascii in (("TEXT", is_text_ascii), ("HTML", is_html_ascii))
    )
    message = EmailMultiAlternatives(body=text, to=["HERE"], headers={"Date": "-", "Message-ID": "-"})
    message.attach_alternative(html, "text/html")
    made = message.message()
    whole, boundary = made.as_bytes(), made.get_boundary().encode()
    before, _subject, rest = whole.partition(b"Subject: ")
    _header, _blank_line, rest = rest.partition(b"\n\n")
    between, _text, rest = rest.partition(text.encode())
    after_text, _html, end = rest.partition(html.encode())
    return [before, b"\n" + between, after_text, end], boundary
