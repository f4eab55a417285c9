"""File permissions of VAR_DIR: only its owner may read it."""

import os
import stat
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(folder: Path) -> None:
    """Make `folder` if it is missing, and take every right of group and others from it and from all that lies in it.

    A folder that was closed before is not searched: what lies in it cannot be reached. Links are not followed.
    Raises OSError if the folder cannot be made, and PermissionError if it is open to others and belongs to another user.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_open(folder.stat()):
        return
    _close(folder)
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            # It may be gone meanwhile (a journal of the database) or be somebody else's; the folder above is closed.
            with suppress(FileNotFoundError, PermissionError):
                path = Path(place, name)
                if not path.is_symlink() and _is_open(path.stat()):
                    _close(path)


def _is_open(status: os.stat_result) -> bool:
    return bool(status.st_mode & OTHERS)


def _close(path: Path) -> None:
    path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
