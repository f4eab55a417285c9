"""Messages of text and HTML whose bytes are those that Django would make, without building its tree of parts for each.

Django makes the skeleton once; header lines and bodies are inserted for each mail. Gain: docs/decisions/0012.
"""

import re
from email.message import Message
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import forbid_multi_line_headers

CACHED = 512
FOLDED_AT = 78
LONGEST_LINE = 998  # RFC 5322, 2.1.1: Django wraps longer ones
# A value in which a line cannot be folded (RFC 5322, 2.2.3; the library also folds at commas and semicolons).
_IN_ONE_PIECE = re.compile("[!-+\\--:<-~]+")


class MailMessage(EmailMultiAlternatives):
    """A message of text and HTML to one address."""

    metadata: dict[str, str]  # what a provider's webhook gives back (django-anymail)

    def __init__(self, *, html: str, **message) -> None:
        super().__init__(**message)
        self.html = html
        self.attach_alternative(html, "text/html")

    def as_bytes(self) -> bytes:
        """Return the message as it goes over the wire."""
        text, html = self.body.encode(), self.html.encode()
        skeleton, boundary = _skeleton(self.body.isascii(), self.html.isascii())
        if not text or not _fits(text, boundary) or not _fits(html, boundary):
            return self.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's SafeMIME takes it
        before, after_header, between, end = skeleton
        whole = b"".join((before, self._header(), after_header, text, between, html, end))
        return whole.replace(b"\n", b"\r\n")

    def _header(self) -> bytes:
        lines = [
            _cached_line("Subject", self.subject),
            _cached_line("From", self.from_email),
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


@lru_cache(maxsize=CACHED)
def _start_of_long_line(name: str, length: int) -> str:
    """Return what the library writes before a value of that length in which it cannot break the line."""
    return _line_by_library(name, "x" * length).removesuffix("x" * length + "\n")


@lru_cache(maxsize=CACHED)
def _cached_line(name: str, value: str) -> str:
    return _line(name, value)


@lru_cache
def _skeleton(is_text_ascii: bool, is_html_ascii: bool) -> tuple[list[bytes], bytes]:
    """Return Django's bytes around header lines, text and HTML, and the boundary between the parts."""
    text, html = (
        word if is_ascii else f"{word}\ue002"
        for word, is_ascii in (("TEXT", is_text_ascii), ("HTML", is_html_ascii))
    )
    message = EmailMultiAlternatives(body=text, to=["HERE"], headers={"Date": "-", "Message-ID": "-"})
    message.attach_alternative(html, "text/html")
    made = message.message()
    whole, boundary = made.as_bytes(), str(made.get_boundary()).encode()
    before, _subject, rest = whole.partition(b"Subject: ")
    _header, _blank_line, rest = rest.partition(b"\n\n")
    between, _text, rest = rest.partition(text.encode())
    after_text, _html, end = rest.partition(html.encode())
    return [before, b"\n" + between, after_text, end], boundary
