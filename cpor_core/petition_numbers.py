"""Numbers of petitions: nine random digits and one that checks them, so that typing errors are noticed.

Digits alone: none is taken for another one, they are read over the telephone in any language, and a scanner types them.
"""

import re
import secrets

from .case_numbers import fold

LENGTH, GROUP = 10, 5
# Damm's quasigroup (2004): the check digit notices every wrong digit, and every two neighbours that changed places.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
# What some scanners put first: the kind of code, ]Q1 for a QR code (ISO/IEC 15424).
_SCANNED = re.compile(r"^\s*\][A-Za-z]\d")
_BETWEEN = re.compile(r"[\s\u2010-\u2015\u2212_.-]+")


def make() -> str:
    """Return a new number: random, so that nobody can count on to the next one."""
    digits = "".join(secrets.choice("0123456789") for _ in range(LENGTH - 1))
    return digits + _checked(digits)


def parse(text: str) -> str | None:
    """Return the number that `text` spells, in whatever width and groups, as a scanner sends it; None if it is none, or was mistyped."""
    digits = _BETWEEN.sub("", _SCANNED.sub("", fold(text)))
    is_whole = len(digits) == LENGTH and digits.isascii() and digits.isdigit()
    return digits if is_whole and _checked(digits) == "0" else None


def grouped(number: str) -> str:
    """Return a number as people read it: 48210-93755."""
    return f"{number[:GROUP]}-{number[GROUP:]}"


def _checked(digits: str) -> str:
    row = "0"
    for digit in digits:
        row = _DAMM[int(row)][int(digit)]
    return row
