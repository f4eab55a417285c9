"""A file on disk that is imported by its path. One that is still being written is not a whole export, and is refused."""

import fcntl
import hashlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from cpor_cases.models.incoming_files import is_small

from .formats import IncompleteFile, UnreadableFile, count_rows, read_blocks
from .rows import Block


@dataclass(frozen=True)
class Announced:
    """What the sender says of a whole file; nothing is checked that is not said."""

    rows: int | None = None
    sha256: str | None = None
    """In hexadecimal figures, as sha256sum(1) prints it."""


NOTHING = Announced()


def require_rows(path: Path, announced: int | None) -> int:
    """Return how many rows a file has. Raises UnreadableFile if it cannot be read to its end, IncompleteFile if it has not
    as many as announced."""
    counted = count_rows(path)
    if announced is not None and counted != announced:
        sentence = _("%(announced)d rows were announced, but there are %(counted)d. Nothing was imported.")
        raise IncompleteFile(sentence % {"announced": announced, "counted": counted})
    return counted


class SourceFile:
    """A file that must stay as it is from the moment this is made until all of it has been read."""

    def __init__(self, path: Path):
        self.path = path
        self._before = self._state()

    def require(self, announced: Announced) -> None:
        """Raise IncompleteFile if the file is not what was announced."""
        if announced.sha256:
            with self.path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != announced.sha256.lower():
                raise IncompleteFile(_("The file has another SHA-256 than announced. Nothing was imported."))
        if announced.rows is not None:
            require_rows(self.path, announced.rows)

    def is_small(self) -> bool:
        """Whether the file has so few rows that it need not wait for a large one; reads no more than these."""
        rows = 0
        try:
            for block in read_blocks(self.path, self.path.name):
                rows += len(block)
                if not is_small(rows):
                    return False
        except UnreadableFile:
            return False  # whoever imports it is told
        return True

    def blocks(self) -> Iterator[Block]:
        """Yield the rows in blocks. Raises IncompleteFile at the end, or at an error, if the file was written meanwhile."""
        self.require_unchanged()
        try:
            yield from read_blocks(self.path, self.path.name)
        except UnreadableFile:
            self.require_unchanged()
            raise
        self.require_unchanged()

    def require_unchanged(self) -> None:
        """Raise IncompleteFile if the file has changed, or if another process has it open for writing."""
        if self._state() != self._before:
            raise IncompleteFile(_("The file changed while it was read. Import it when it is complete."))
        if _is_being_written(self.path):
            raise IncompleteFile(
                _("Another program is still writing the file. Import it when it is complete.")
            )

    def _state(self) -> tuple[int, ...]:
        try:
            state = self.path.stat()
        except OSError:
            return ()  # moved away
        return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


def _is_being_written(path: Path) -> bool:
    """Whether a process of this machine has the file open for writing; False where the system cannot tell.

    The kernel grants a read lease (fcntl(2), F_SETLEASE) only on a file that nobody has open for writing. A writer that
    comes within the microseconds in which the lease is held waits for its end; the signal is one that is ignored.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    with path.open("rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return True
        except OSError:  # another's file, or a file system without leases
            return False
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
