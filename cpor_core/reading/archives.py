"""Compressed files, and files that are no export at all. The format is recognised by the first bytes, never by the name."""

import gzip
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MOST_UNPACKED = 1 << 30
"""Bytes; a million rows are about 200 MB."""
MOST_TIMES = 250
"""An export shrinks to a tenth or a thirtieth; what shrinks more is made to fill a disk."""
UNSUSPECTED = 16 << 20
"""Bytes up to which the compression ratio is not checked."""

OTHER_KINDS: "dict[bytes, str | StrPromise]" = {
    b"%PDF": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"<": "HTML/XML",
    b"\xd0\xcf\x11\xe0": gettext_lazy("old Office or password-protected"),
}
WORKBOOK_ENDINGS = {".xlsx", ".xlsm"}
TEXT_ENDINGS = {".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl"}
OTHER_MEMBERS = {
    "word/document.xml": "DOCX",
    "ppt/presentation.xml": "PPTX",
    "content.xml": "OpenDocument",
}
SPREADSHEET = "xl/workbook.xml"
MOST_DIRECTORY = 1 << 20
"""Bytes of a ZIP's directory, some 10,000 members: all of it is held in memory."""
OF_THE_SYSTEM = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$)")
"""Members that macOS and Windows add by themselves."""
TOO_LARGE = gettext_noop("Unpacked, the file is too large. Send it in parts.")
_LONGEST_END = 22 + 0xFFFF  # the last record of a ZIP, with its comment
NOT_WHOLE = gettext_noop("The packed file is damaged. Pack it and send it again.")


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


class IncompleteFile(UnreadableFile):
    """The file ends too early: sent whole, it may well be readable."""


def refuse_other_kinds(path: Path) -> None:
    """Raise UnreadableFile if the file is empty or well known to be something else."""
    with path.open("rb") as file:
        start = file.read(16).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise UnreadableFile(_("The file is empty. Send the export again."))
    for mark, kind in OTHER_KINDS.items():
        if start.startswith(mark):
            raise _not_an_export(kind)


def refuse_false_name(path: Path, file_name: str) -> None:
    """Raise UnreadableFile if a file that is called a workbook or a text is not one. Any other ending says nothing."""
    ending = PurePath(file_name).suffix.lower()
    if ending in WORKBOOK_ENDINGS and not is_spreadsheet(path):
        sentence = _(
            "The file is named %(ending)s but is not a workbook. Save it as an Excel workbook, or send CSV."
        )
        raise UnreadableFile(sentence % {"ending": ending})
    if ending in TEXT_ENDINGS and (_is_zip(path) or _is_gzip(path)):
        sentence = _(
            "The file is named %(ending)s but is not text. Send it under its right name, or save it as CSV."
        )
        raise UnreadableFile(sentence % {"ending": ending})


def is_spreadsheet(path: Path) -> bool:
    """Whether the file is an XLSX, safe to be unpacked. Raises UnreadableFile for any other office document."""
    if not _is_zip(path):
        return False
    with _archive(path) as archive:
        members = {member.filename: member for member in archive.infolist()}
    for name, kind in OTHER_MEMBERS.items():
        if name in members:
            raise _not_an_export(kind)
    if SPREADSHEET not in members:
        return False
    _watch(sum(m.file_size for m in members.values()), sum(m.compress_size for m in members.values()))
    return True


def refuse_packed_twice(path: Path) -> None:
    """Raise UnreadableFile if what is unpacked is packed itself, as a workbook is."""
    with opened(path) as file:
        start = file.read(4)
    if start.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        raise UnreadableFile(
            _("Inside the packed file is a workbook or another packed file. Send that one alone.")
        )


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader]:
    """Open the export itself: as it is, out of gzip, or the one file of a ZIP; never more than is safe.

    Raises UnreadableFile, when opened or while it is read, if the file is damaged or a decompression bomb.
    """
    if _is_gzip(path):
        with path.open("rb") as file, gzip.GzipFile(fileobj=file) as unpacked:
            yield io.BufferedReader(_Watched(unpacked, path.stat().st_size), 1 << 20)
    elif _is_zip(path):
        with _archive(path) as archive:
            member = _only_member(archive)
            with archive.open(member) as unpacked:
                yield io.BufferedReader(_Watched(unpacked, member.compress_size), 1 << 20)
    else:
        with path.open("rb") as file:
            yield file


class _Watched(io.RawIOBase):
    """The unpacked bytes, with limits on their size and compression ratio and a check that the file is complete."""

    def __init__(self, unpacked: gzip.GzipFile | IO[bytes], packed_size: int):
        self._unpacked, self._packed_size, self._size = unpacked, packed_size, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            piece = self._unpacked.read(len(buffer))
        except EOFError as error:
            raise IncompleteFile(_(NOT_WHOLE)) from error
        except (OSError, zlib.error, zipfile.BadZipFile) as error:
            raise UnreadableFile(_(NOT_WHOLE)) from error
        self._size += len(piece)
        _watch(self._size, self._packed_size)
        buffer[: len(piece)] = piece
        return len(piece)


def _watch(size: int, packed_size: int) -> None:
    if size > MOST_UNPACKED or (size > UNSUSPECTED and size > MOST_TIMES * packed_size):
        raise UnreadableFile(_(TOO_LARGE))


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    if _directory_of(path) > MOST_DIRECTORY:
        raise UnreadableFile(_(TOO_LARGE))
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(_(NOT_WHOLE)) from error
    with archive:
        _refuse_more_than_one_archive(path, archive)
        yield archive


def _refuse_more_than_one_archive(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise UnreadableFile for data before or after the archive, which would be ignored silently: another archive, or rows."""
    offsets = [member.header_offset for member in archive.infolist()]
    end_record = 22 + len(archive.comment)
    with path.open("rb") as file:
        file.seek(-end_record, io.SEEK_END)
        ends_here = file.read(4) == b"PK\x05\x06"
    if not ends_here or min(offsets, default=0) > 0:
        raise UnreadableFile(_("The ZIP holds something before or after its files. Pack the export again."))


def _directory_of(path: Path) -> int:
    """Return the size in bytes that a ZIP's end record gives for its directory, before the directory is read into memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LONGEST_END))
        end = file.read()
    start = end.rfind(b"PK\x05\x06")
    return struct.unpack_from("<L", end, start + 12)[0] if 0 <= start <= len(end) - 22 else 0


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    files = [m for m in archive.infolist() if not m.is_dir() and not OF_THE_SYSTEM.search(m.filename)]
    if len(files) != 1:
        raise UnreadableFile(
            _("The ZIP holds %(count)d files. Send one export at a time.") % {"count": len(files)}
        )
    if files[0].flag_bits & 1:
        raise UnreadableFile(_("The ZIP is locked with a password. Send it without."))
    if files[0].compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnreadableFile(_("The ZIP is packed in an unusual way. Pack it again with “deflate”."))
    return files[0]


def _not_an_export(kind: "str | StrPromise") -> UnreadableFile:
    return UnreadableFile(
        _("This is a %(kind)s file, not an export. Send CSV, NDJSON or XLSX.") % {"kind": kind}
    )
