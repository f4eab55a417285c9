"""Detection of a file's encoding, and the handling of bytes and characters that are invalid in it.

Invalid bytes become lone surrogates, so that only their row is rejected. Characters that a court defined itself (造字) are in
the private use area, whether they come from Big5 or from UTF-8: other machines cannot show them.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import BufferedIOBase
from itertools import islice

from django.utils.translation import gettext as _

from .archives import UnreadableFile

BLOCK = 1 << 20
LONGEST_LINE = 1 << 20
MOST_BYTES_A_CHARACTER = 4
MISFITS = re.compile("[\ud800-\udfff]")
# Marks that nobody sees: the machine's own (old systems end a file with one, no spreadsheet can hold them), those of no
# width, those that turn the direction of what follows. They come with text from terminals and from the web. Written so
# that PostgreSQL reads them, too, which takes no NUL (`same_meaning`).
MARKS = r"\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
INVISIBLE = re.compile(rf"[\0{MARKS}]")
ODD_CHARACTERS = re.compile(rf"[\0{MARKS}\ud800-\uf8ff]")  # any of these
OWN_CHARACTERS = re.compile("[\ue000-\uf8ff]")
MISSING_CHARACTER = "□"  # what Chinese print sets where a character is missing
MOST_MISFITS = 0.1
SAMPLE = 2  # blocks that are not all ASCII

# Big5's user-defined characters as Windows lays them into the private area: first byte, last byte, start.
_USER_DEFINED = [(0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8), (0xC7, 0xC8, 0xF70F)]


def _keep_what_does_not_fit(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    first, second = (*error.object[error.start : error.start + 2], 0)[:2]
    if error.encoding != "cp950" or (place := _user_defined(first, second)) is None:
        return chr(0xDC00 + first), error.start + 1
    return chr(place), error.start + 2


def _user_defined(first: int, second: int) -> int | None:
    column = second - 0x40 if 0x40 <= second <= 0x7E else second - 0x62 if 0xA1 <= second <= 0xFE else None
    if column is None:
        return None
    if first == 0xC6 and second >= 0xA1:
        return 0xF6B1 + second - 0xA1
    for lowest, highest, start in _USER_DEFINED:
        if lowest <= first <= highest:
            return start + (first - lowest) * 157 + column
    return None


# Of UTF-8 the built-in handler keeps what does not fit; it is a hundred times faster than one in Python.
ERRORS = {"utf-8-sig": "surrogateescape", "cp950": "keep-what-does-not-fit"}
codecs.register_error(ERRORS["cp950"], _keep_what_does_not_fit)


def encoding_of(opened: Callable[[], AbstractContextManager[BufferedIOBase]]) -> str:
    """Return the encoding of a file: UTF-16 by its mark, UTF-8 if all of it is, else the one in which less misfits."""
    with opened() as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) == 4 and 0 in start and start.count(0) == 2:
        return "utf-16-le" if start[1] == 0 else "utf-16-be"
    if _is_utf_8(opened):
        return "utf-8-sig"
    misfits, characters = _misfits(opened, "utf-8-sig")
    if misfits * 2 <= characters:
        return "utf-8-sig"
    misfits, characters = _misfits(opened, "cp950")
    if misfits > MOST_MISFITS * characters:
        raise UnreadableFile(
            _("The file is neither UTF-8 nor Big5 (CP950). Save it as UTF-8 and send it again.")
        )
    return "cp950"


def _is_utf_8(opened) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        for block in _blocks(opened):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _misfits(opened, encoding: str) -> tuple[int, int]:
    """Return how many bytes have no meaning in `encoding`, and how many characters beyond ASCII there are, in a sample."""
    decoder = codecs.getincrementaldecoder(encoding)(ERRORS[encoding])
    misfits = characters = 0
    telling = (block for block in _blocks(opened) if not block.isascii())
    for block in islice(telling, SAMPLE):
        text = decoder.decode(block)
        misfits += len(MISFITS.findall(text))
        characters += len(text) - len(text.encode("ascii", "ignore"))
    return misfits, characters


def _blocks(opened) -> Iterator[bytes]:
    """Yield the file block by block; stop where a line has no end, for nobody will read further. A JSON list is one."""
    line, since = 1, 0
    with opened() as file:
        while block := file.read(BLOCK):
            if line == 1 and not since and block.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
                since = -(1 << 62)
            ends = block.count(b"\n") or block.count(b"\r")
            line, since = line + ends, 0 if ends and since >= 0 else since + len(block)
            if since > LONGEST_LINE * MOST_BYTES_A_CHARACTER:
                raise too_long(line)
            yield block


def too_long(line: int) -> UnreadableFile:
    sentence = _("Line %(line)d is longer than %(longest)d characters.")
    return UnreadableFile(sentence % {"line": line, "longest": LONGEST_LINE})
