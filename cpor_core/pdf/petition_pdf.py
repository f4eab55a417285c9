"""The PDF of a petition made for one application, while its applicant waits."""

import hashlib
from functools import cache

from django.core.cache import cache as shared_cache

from cpor_core.court_forms import FORMS
from cpor_core.court_forms.blocks import Form

from . import fonts, html_writer, pdf_writer


class CannotMake(Exception):
    """The machine lacks a library or a font; the message says which."""


def make(petition: Form) -> bytes:
    """Return a form filled in by `filling.fill` as tagged PDF with its fonts inside. Raises CannotMake.

    It takes about a second; five more if `prepare` has not been called since the printed words changed.
    """
    try:
        faces = _printed_faces() + fonts.filled_face(_own_characters(petition))
        return pdf_writer.write(petition, faces)[0]
    except fonts.FontMissing as error:
        raise CannotMake(str(error)) from error
    except (ImportError, OSError) as error:
        raise CannotMake(
            "WeasyPrint lacks its libraries (Debian: libpango-1.0-0 libpangoft2-1.0-0)"
        ) from error


def prepare() -> None:
    """Cut the fonts of the printed words, once for all processes: nobody has to wait for it. Raises CannotMake.

    Of several that begin at the same time one does it, and the others return at once.
    """
    if not shared_cache.add(f"{_key()}-in-work", True, timeout=60):
        return
    try:
        _printed_faces()
    except fonts.FontMissing as error:
        raise CannotMake(str(error)) from error
    except ImportError as error:
        raise CannotMake("fontTools is not installed (it comes with WeasyPrint)") from error


@cache
def _printed_faces() -> str:
    faces = shared_cache.get(_key())
    if faces is None:
        faces = fonts.font_faces(_printed_characters(), keeps_layout=False)
        shared_cache.set(_key(), faces, timeout=None)
    return faces


def _key() -> str:
    """Return under which name the fonts of the words that are printed today are cached."""
    return f"form-fonts-{hashlib.sha256(_printed_characters().encode()).hexdigest()[:16]}"


@cache
def _printed_characters() -> str:
    """Return the characters of all blank forms, and those of any address."""
    ascii_characters = "".join(map(chr, range(32, 127)))
    return fonts.characters_of([*(pdf_writer.html(form) for form in FORMS), ascii_characters])


def _own_characters(petition: Form) -> str:
    """Return the characters of the facts, and those that no blank form has."""
    further = set(html_writer.body(petition)) - set(_printed_characters())
    return fonts.characters_of([*petition.facts.values(), *further, " "])
