"""The guide's PDF as a new site offers it, made in advance: not every machine can make one."""

import datetime as dt
import hashlib
from pathlib import Path

import pypdfium2
from django.conf import settings

HERE = Path(__file__).parent


def file_of(language: str) -> Path:
    return HERE / "guide" / f"{language}.pdf"


def exists(language: str) -> bool:
    return file_of(language).exists()


def read(language: str) -> bytes:
    return file_of(language).read_bytes()


def day_of(pdf: bytes) -> dt.date:
    """Return the day the PDF says it was made."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        said = document.get_metadata_value("ModDate")
    finally:
        document.close()
    return dt.datetime.strptime(said.removeprefix("D:")[:8], "%Y%m%d").date()


def fingerprint(language: str) -> bytes:
    """What the PDF is made from, as its identifier tells: text, pictures, template and styles."""
    templates = settings.BASE_DIR / "templates"
    sources = [
        HERE / "content" / language / "guide.html",
        *sorted((HERE / "pictures" / language).glob("*.png")),
        templates / "cpor_pages" / "guide_pdf.html",
        *sorted((templates / "cpor_pages" / "blocks").glob("*.html")),
        settings.BASE_DIR / "site" / "static" / "css" / "guide-pdf.css",
    ]
    whole = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in sources)
    return hashlib.sha256(whole).hexdigest().encode()


def is_fresh(language: str) -> bool:
    """Whether the packaged PDF was made from what lies beside it now."""
    return exists(language) and fingerprint(language) in read(language)
