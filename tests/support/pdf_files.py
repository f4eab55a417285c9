"""What readers find in a PDF, by Debian's poppler-utils."""

import re
import subprocess
from collections.abc import Iterable

from tests.support.programs import find_program


def text_of(pdf: bytes, *options: str) -> str:
    """Return the text as a reader copies it out."""
    return _said_by("pdftotext", pdf, "-enc", "UTF-8", *options, "-", "-")


def first_page_of(pdf: bytes) -> str:
    """Return the text of the first page, in the order of its lines and without blanks."""
    return "".join(text_of(pdf, "-l", "1", "-layout").split())


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return text_of(pdf, "-layout").removesuffix("\f").split("\f")


def fonts_of(pdf: bytes) -> list[str]:
    """Return the lines of pdffonts, one a font."""
    return _said_by("pdffonts", pdf, "-").splitlines()[2:]


def are_embedded(fonts: Iterable[str]) -> bool:
    """Whether each is embedded, cut down to what is used, with the characters' names."""
    return all(font.split()[-5:-2] == ["yes", "yes", "yes"] for font in fonts)


def is_tagged(pdf: bytes) -> bool:
    """Whether a screen reader finds its headings, tables and the order of reading."""
    return re.search(r"^Tagged:\s+yes$", _said_by("pdfinfo", pdf, "-"), re.MULTILINE) is not None


def _said_by(program: str, pdf: bytes, *options: str) -> str:
    command = [find_program(program, package="poppler-utils"), *options]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
