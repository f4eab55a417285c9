"""The guide's PDF as a new site offers it, made in advance: not every machine can make one."""

import datetime as dt
from pathlib import Path

import pypdfium2

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
