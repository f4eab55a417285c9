"""Request bodies: content type, size limit, spooling to disk, and completeness."""

import base64
import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

from cpor_cases.intake.reading.formats import IncompleteFile, UnreadableFile
from cpor_cases.intake.reading.source_files import require_rows
from cpor_core import conf
from cpor_core.punctuation import listed

from .problems import Problem

KINDS = ["application/json", "application/x-ndjson", "text/csv"]
ALSO_KNOWN_AS = ["application/ndjson", "application/jsonl", "application/x-jsonlines", "application/csv"]
PIECE = 1 << 18
IN_MEMORY = 1 << 20
ALGORITHMS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}
LONGEST_DIGEST = 1000  # characters; both digests take 150. What is longer would be searched for hours
_DIGESTS = re.compile(r"\s*([a-z0-9*_.-]+)=:([A-Za-z0-9+/]+={0,2}):\s*(?:,|$)")
# In quotation marks, as the draft of the IETF has it, or bare; both name the same key.
KEY_PATTERN = r'^("[A-Za-z0-9._~-]{1,128}"|[A-Za-z0-9._~-]{1,128})$'
_LENGTH = re.compile("[0-9]{1,18}")
_KEY = re.compile(KEY_PATTERN.strip("^$"))


def require_known_kind(request: HttpRequest) -> None:
    """Raise Problem unless the body is JSON, NDJSON or CSV, as it is or gzipped, and says how long it is."""
    if (request.content_type or "").lower() not in {*KINDS, *ALSO_KNOWN_AS}:
        raise Problem(
            "content-unsupported",
            _("Send one of: %(kinds)s.") % {"kinds": listed(KINDS)},
            Accept_Post=", ".join(KINDS),
        )
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"identity", "gzip"}:
        raise Problem(
            "content-unsupported",
            _("The body may be gzipped, or not encoded at all."),
            Accept_Encoding="gzip, identity",
        )
    length = request.headers.get("Content-Length", "")
    if not _LENGTH.fullmatch(length) or request.headers.get("Transfer-Encoding"):
        # Of a chunked body the web server does not tell us whether its end has come.
        raise Problem("length-required", _("Say the length of the body: Content-Length."))


def key_of(request: HttpRequest) -> str:
    """Return the Idempotency-Key without quotation marks; empty if the call has none. Raises Problem."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return ""
    if not _KEY.fullmatch(given.strip(" \t")):
        raise Problem(
            "idempotency-key-unreadable",
            _(
                "Idempotency-Key: 1 to 128 letters, figures or . _ ~ -, in quotation marks or not; a UUID for example."
            ),
        )
    return given.strip(' \t"')


@contextmanager
def spooled(request: HttpRequest) -> Iterator:
    """Yield the body as a file. Raises Problem if it is too large, before it is read where its length says so, or incomplete."""
    most = conf.API_MOST_BYTES
    too_large = Problem(
        "body-too-large",
        _("The body is larger than %(most)d MB. Send it in parts, or gzipped.") % {"most": most >> 20},
    )
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    if announced > most:
        raise too_large
    with tempfile.NamedTemporaryFile(prefix="body-") as file:
        try:
            while piece := request.read(PIECE):
                if file.tell() + len(piece) > most:
                    raise too_large
                file.write(piece)
        except (UnreadablePostError, OSError, BadRequest) as error:
            raise _cut(file.tell(), announced) from error
        if file.tell() != announced:
            raise _cut(file.tell(), announced)
        file.flush()
        yield file


def _cut(received: int, announced: int) -> Problem:
    sentence = _(
        "The body was cut off: %(received)d of %(announced)d bytes arrived. Nothing was imported; send it again."
    )
    return Problem("body-incomplete", sentence % {"received": received, "announced": announced})


def require_digest(request: HttpRequest, file) -> None:
    """Raise Problem if the call has a Content-Digest (RFC 9530) and the body does not match it."""
    given = request.headers.get("Content-Digest", "").strip()
    if not given:
        return
    known = given if len(given) <= LONGEST_DIGEST else ""
    digests = {name: value for name, value in _DIGESTS.findall(known) if name in ALGORITHMS}
    if not digests or _DIGESTS.sub("", known):
        raise Problem(
            "digest-unreadable",
            _("Content-Digest: write sha-256=:…: or sha-512=:…:, with the digest of the body in Base64."),
            Want_Content_Digest="sha-256=10, sha-512=5",
        )
    for name, value in digests.items():
        file.seek(0)
        found = hashlib.file_digest(file, ALGORITHMS[name]).digest()
        if base64.b64encode(found).decode() != value:
            raise Problem(
                "body-incomplete",
                _("The body does not match Content-Digest. Nothing was imported; send it again."),
            )


def require_whole(file, rows: int | None) -> int:
    """Return how many rows were sent. Raises Problem if the body cannot be read to its end as rows, holds another number
    of them than `rows`, or none: the caller is still there to be told."""
    try:
        counted = require_rows(Path(file.name), rows)
    except IncompleteFile as error:
        raise Problem("body-incomplete", str(error)) from error
    except UnreadableFile as error:
        raise Problem("rows-unreadable", str(error)) from error
    if not counted:
        raise Problem("no-rows", _("There is no row in the body. Nothing was imported."))
    return counted
