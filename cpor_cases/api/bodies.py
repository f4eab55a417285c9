"""The body of a call: of a known kind, no larger than allowed, written to disk as it comes in."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

from cpor_cases.intake.formats import UnreadableFile, read_rows

from .problems import Problem

KINDS = ["application/json", "application/x-ndjson", "text/csv"]
ALSO_KNOWN_AS = ["application/ndjson", "application/jsonl", "application/x-jsonlines", "application/csv"]
PIECE = 1 << 18
IN_MEMORY = 1 << 20
_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,128})"?')


def require_known_kind(request: HttpRequest) -> None:
    """Raise Problem unless the body is JSON, NDJSON or CSV, as it is or gzipped, and says how long it is."""
    if request.content_type.lower() not in {*KINDS, *ALSO_KNOWN_AS}:
        raise Problem(
            415, _("Send one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)}, Accept_Post=", ".join(KINDS)
        )
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"identity", "gzip"}:
        raise Problem(
            415, _("The body may be gzipped, or not encoded at all."), Accept_Encoding="gzip, identity"
        )
    if not request.headers.get("Content-Length"):
        raise Problem(411, _("Say the length of the body: Content-Length."))


def key_of(request: HttpRequest) -> str:
    """Return the Idempotency-Key, quoted as the draft of the IETF has it or bare; empty if there is none."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if not given:
        return ""
    found = _KEY.fullmatch(given)
    if not found:
        raise Problem(400, _("Idempotency-Key: 1 to 128 visible ASCII characters, a UUID for example."))
    return found[1].rstrip('"')


@contextmanager
def spooled(request: HttpRequest) -> Iterator:
    """Have the body as a file. What is too large is refused before it is read, or as soon as it shows."""
    most = settings.API_MOST_BYTES
    too_large = Problem(
        413,
        _("The body is larger than %(most)d MB. Send it in parts, or gzipped.") % {"most": most >> 20},
    )
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise too_large
    with tempfile.NamedTemporaryFile(prefix="body-") as file:
        try:
            while piece := request.read(PIECE):
                if file.tell() + len(piece) > most:
                    raise too_large
                file.write(piece)
        except (UnreadablePostError, OSError) as error:
            raise Problem(400, _("The body broke off. Send it again.")) from error
        file.flush()
        yield file


def require_readable(file) -> None:
    """Raise Problem if what was sent cannot be read as rows at all: better now than when nobody listens."""
    try:
        next(read_rows(Path(file.name)), None)
    except UnreadableFile as error:
        raise Problem(422, str(error)) from error
