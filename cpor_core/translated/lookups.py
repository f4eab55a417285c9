"""The lookups that a query can make in a text in several languages: `name__first`, `name__reader`, `name__every`.

A language by its code (`name__en`) is Django's own lookup of a key in JSON.
"""

import re
from typing import Any

from django.db.models import Q, TextField, Transform

from cpor_core import languages

_CODE = re.compile(r"[A-Za-z0-9-]+")


class _TextOfLanguages(Transform):
    """SQL made of the texts in some languages."""

    output_field = TextField()

    def combined(self, parts: list[str]) -> str:
        raise NotImplementedError

    def language_codes(self) -> list[str]:
        raise NotImplementedError

    def as_sql(self, compiler, connection, *_args: Any, **_extra: Any):
        """Read keys by the functions that an index may use as well: they never return anything else for the same row."""
        column, params = compiler.compile(self.lhs)
        read = "({} ->> '{}')" if connection.vendor == "postgresql" else "JSON_EXTRACT({}, '$.\"{}\"')"
        parts = [read.format(column, _safe(code)) for code in self.language_codes()]
        return self.combined(parts), [*params] * len(parts)


class FirstLanguage(_TextOfLanguages):
    """The text in the first language: what a row is known by, and sorted in constraints and indexes."""

    lookup_name = "first"

    def language_codes(self):
        return [languages.first()]

    def combined(self, parts):
        return parts[0]


class ReaderLanguage(_TextOfLanguages):
    """The text as the reader gets it."""

    lookup_name = "reader"

    def language_codes(self):
        return list(dict.fromkeys([languages.reader(), *languages.codes()]))

    def combined(self, parts):
        return f"COALESCE({', '.join(parts)}, '')"


class EveryLanguage(_TextOfLanguages):
    """The texts in all languages, with a blank between them: to search in."""

    lookup_name = "every"

    def language_codes(self):
        return languages.codes()

    def combined(self, parts):
        return "(" + " || ' ' || ".join(f"COALESCE({part}, '')" for part in parts) + ")"


def named(text: str, name: str = "name") -> Q:
    """Return the condition that a field is `text` in one of the languages, in whichever case."""
    condition = Q(pk__in=[])
    for code in languages.codes():
        condition |= Q(**{f"{name}__{code}__iexact": text})
    return condition


def _safe(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise ValueError(f"{code!r} is not a language code")
    return code
