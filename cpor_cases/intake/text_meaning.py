"""Whether two texts mean the same: what differs in widths, line ends or blanks that separate no words is no correction.

The comparison runs inside the database, over whole batches. PostgreSQL has all that it needs; SQLite calls the function
here, which does the same.
"""

import re
import unicodedata

from django.db import connection
from django.db.backends.signals import connection_created

from cpor_core.reading.encodings import MARKS

# Kept where they stand, and no correction: variation selectors, which choose the form of a character, and fillers.
_SELECTORS = (
    r"\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff"
)
_LEFT_OUT = f"[{MARKS}{_SELECTORS}]"
_BLANK = "[\\s\\u0085\\u00a0\\u2028\\u2029]+"
_SEPARATES_NOTHING = "(?<![A-Za-z0-9]) | (?![A-Za-z0-9])"
_IN_POSTGRESQL = (
    f"regexp_replace(regexp_replace(normalize(regexp_replace({{0}}, '{_LEFT_OUT}', '', 'g'), NFKC), "
    f"'{_BLANK}', ' ', 'g'), '{_SEPARATES_NOTHING}', '', 'g')"
)


def meaning(text: str) -> str:
    """Return a text in the form in which it is compared; it is never shown."""
    text = unicodedata.normalize("NFKC", re.sub(_LEFT_OUT, "", text))
    return re.sub(_SEPARATES_NOTHING, "", re.sub(_BLANK, " ", text))


def differs(one: str, other: str) -> str:
    """Return the condition, in SQL, that two expressions differ in meaning."""
    return f"({one} <> {other} AND {_meaning_of(one)} <> {_meaning_of(other)})"


def _meaning_of(expression: str) -> str:
    if connection.vendor == "postgresql":
        return _IN_POSTGRESQL.format(expression)
    return f"cpor_meaning({expression})"


def connect() -> None:
    """Define the function on every connection to SQLite."""
    connection_created.connect(_add_function, dispatch_uid="cpor_cases.same_meaning")


def _add_function(*, connection, **_signal) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("cpor_meaning", 1, meaning, deterministic=True)
