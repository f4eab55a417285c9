"""The uploaded files as one archive, and back."""

import shutil
import tarfile
from pathlib import Path

from .databases import Failed

ARCHIVE = "media.tar"


def pack(folder: Path, file: Path) -> None:
    with tarfile.open(file, "w") as archive:
        if folder.is_dir():
            archive.add(folder, arcname=".")


def check(file: Path) -> None:
    """Raise Failed if the archive is not whole, or would write outside its folder."""
    try:
        with tarfile.open(file) as archive:
            for member in archive:
                tarfile.data_filter(member, "/nowhere")
    except (tarfile.TarError, OSError) as error:
        raise Failed(f"The archive of uploaded files cannot be read: {error}.") from error


def is_empty(folder: Path) -> bool:
    return not folder.is_dir() or not any(folder.iterdir())


def unpack(file: Path, folder: Path) -> None:
    """Put the files in the place of whatever the folder holds. It may be a mount, so that the folder itself stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
