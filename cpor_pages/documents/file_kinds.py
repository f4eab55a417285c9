"""Detection of a document's file type by its content, not its name."""

import threading
import zipfile
from contextlib import closing
from pathlib import PurePath

import filetype
import pypdfium2
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PDFIUM = threading.Lock()
"""To be held while a PDF is open: the library is not made for several threads."""
SAMPLE = 8192
LONGEST_MIMETYPE = 100
TEXT_ENCODINGS = ("utf-8", "cp950")
ODF = "application/vnd.oasis.opendocument."
_OPEN_DOCUMENTS = {f"{ODF}text": "odt", f"{ODF}spreadsheet": "ods"}
_OFFICE_DOCUMENTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}


def kind_of(file) -> str:
    """Return the type of an open binary file as its file extension (pdf, odt, csv …); empty if unknown."""
    file.seek(0)
    start = file.read(SAMPLE)
    file.seek(0)
    if start.startswith(b"PK"):
        return _kind_of_archive(file)
    if start.startswith(b"%PDF-"):
        return "pdf"
    if known := filetype.guess(start):
        return known.extension
    return _kind_of_text(start)


def _kind_of_archive(file) -> str:
    """Return which office document a ZIP is: an OpenDocument names itself in its first member, a Microsoft one by its parts."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if names[:1] == ["mimetype"]:
                with archive.open("mimetype") as member:
                    return _OPEN_DOCUMENTS.get(
                        member.read(LONGEST_MIMETYPE).decode("ascii", "replace"), "zip"
                    )
            found = [kind for name, kind in _OFFICE_DOCUMENTS.items() if name in names]
            return found[0] if found and "[Content_Types].xml" in names else "zip"
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ""
    finally:
        file.seek(0)


def _kind_of_text(start: bytes) -> str:
    """Return csv for plain text, html for whatever begins with a tag: a browser would run a web page or an SVG."""
    if not start or b"\0" in start:
        return ""
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return "html"
    return "csv" if any(_is_text(start, encoding) for encoding in TEXT_ENCODINGS) else ""


def _is_text(start: bytes, encoding: str) -> bool:
    try:
        start.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start > len(start) - 4 and len(start) == SAMPLE  # cut in the middle of a character
    return True


def require_kind(file, kind: str) -> None:
    """Raise ValidationError unless the file holds what its ending `kind` says, with a sentence that names both."""
    found = kind_of(file)
    if found == ("jpg" if kind == "jpeg" else kind):
        return
    if not found:
        sentence = _(
            "The file ends in .%(kind)s but is not one, or it is damaged. Save it again in that format."
        )
    elif found == "html":
        sentence = _("The file ends in .%(kind)s but holds a web page or a drawing. Save it in that format.")
    elif found == "csv":  # any text is one
        sentence = _("The file ends in .%(kind)s but holds plain text. Save it in that format.")
    else:
        sentence = _("The file ends in .%(kind)s but holds %(found)s. Give the file its right format.")
    raise ValidationError(sentence % {"kind": kind, "found": found.upper()}, code="false_kind")


def ending_of(name: str) -> str:
    return PurePath(name).suffix.removeprefix(".").lower()


def require_chosen(file, kind: str, *, name: str) -> None:
    """Raise ValidationError unless a document called `name` is what a field for `kind` takes: by name, content, and opening."""
    if ending_of(name) != kind:
        sentence = _("“%(name)s” is no %(kind)s file. Choose one that ends in .%(ending)s.")
        raise ValidationError(
            sentence % {"name": name, "kind": kind.upper(), "ending": kind}, code="false_kind"
        )
    require_sound(file, kind)


def require_document(document, kind: str) -> None:
    """Raise ValidationError unless the file of a document is what a field for `kind` takes."""
    try:
        with document.open_file() as file:
            require_chosen(file, kind, name=document.filename)
    except OSError:
        raise ValidationError(_("The file of this document is gone. Choose another.")) from None


def require_sound(file, kind: str) -> None:
    """Raise ValidationError unless the file holds what its ending `kind` says, and opens if it is a PDF."""
    require_kind(file, kind)
    if kind == "pdf":
        _require_drawable(file)


def _require_drawable(file) -> None:
    try:
        with PDFIUM, closing(pypdfium2.PdfDocument(file.read())) as pdf:
            pdf[0].get_size()
        file.seek(0)
    except (pypdfium2.PdfiumError, IndexError):
        sentence = _(
            "This PDF cannot be opened, so its first page cannot be drawn: it is damaged or locked with a password."
            " Save it again without a password."
        )
        raise ValidationError(sentence, code="cannot_be_drawn") from None
