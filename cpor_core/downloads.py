"""The names under which files are saved: in the reader's words, with one in ASCII for programs that read no other (RFC 6266)."""

import re
from urllib.parse import quote

from django.http.response import HttpResponseBase

# What a name of a file cannot hold on one system or another, and control characters.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')


def name_file(response: HttpResponseBase, name: str, *, fallback: str, is_inline: bool = False) -> None:
    """Name the file that `response` holds: `name`, in whatever script, or `fallback`, which is ASCII.

    It is saved, or, if `is_inline`, shown where the browser can show it.
    """
    response["Content-Disposition"] = content_disposition(name, fallback=fallback, is_inline=is_inline)


def content_disposition(name: str, *, fallback: str, is_inline: bool = False) -> str:
    """Return the header: `filename*` of RFC 5987 goes before `filename` wherever both are understood."""
    disposition = "inline" if is_inline else "attachment"
    plain = _fit(fallback.encode("ascii", "ignore").decode())
    return f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(_fit(name), safe='')}"


def _fit(name: str) -> str:
    return _FORBIDDEN.sub("-", name).strip(" .") or "file"
