"""Incomplete request bodies: WSGI does not report them, so reading one raises an error here."""

from typing import BinaryIO

from django.core.exceptions import BadRequest
from django.utils.http import parse_header_parameters


class BodyCutShort(BadRequest):
    """The connection broke while the body was being sent. Django answers with 400."""


class WholeBodies:
    """A WSGI application whose request bodies are read to their Content-Length, or raise."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length):
            closing = _closing_boundary(environ.get("CONTENT_TYPE", ""))
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length), closing)
        return self.application(environ, start_response)


class WholeBody:
    """Reads like the body it wraps, and raises BodyCutShort if that ends too early.

    A form with files must end with its closing boundary as well: a proxy may have set the length of what it had received.
    """

    def __init__(self, body: BinaryIO, length: int, closing: bytes):
        self._body, self._missing = body, length
        self._closing, self._last = closing, b""

    def read(self, size: int | None = -1) -> bytes:
        wanted = self._missing if size is None or size < 0 else min(size, self._missing)
        pieces = []
        while wanted > 0:
            piece = self._noted(self._body.read(wanted))
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def readline(self, size: int | None = -1) -> bytes:
        if not self._missing:
            return b""
        return self._noted(self._body.readline(self._missing if size is None or size < 0 else size))

    def readlines(self, _hint: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self):
        return iter(self.readline, b"")

    def _noted(self, piece: bytes) -> bytes:
        self._missing -= len(piece)
        if not piece:
            raise BodyCutShort("the body was cut off")
        if self._closing:
            self._look_for_the_end(piece)
        return piece

    def _look_for_the_end(self, piece: bytes) -> None:
        together = self._last + piece
        if self._closing in together:
            self._closing = b""
        elif not self._missing:
            raise BodyCutShort("the form does not end")
        self._last = together[-len(self._closing) :]


def _closing_boundary(content_type: str) -> bytes:
    kind, parameters = parse_header_parameters(content_type)
    boundary = parameters.get("boundary", "")
    return (
        f"--{boundary}--".encode("latin-1", "replace") if kind == "multipart/form-data" and boundary else b""
    )
