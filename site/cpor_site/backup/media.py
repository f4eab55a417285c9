"""The uploaded files as one archive, and back: from a folder or a bucket, into either."""

import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tarfile import TarFile, TarInfo

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from .databases import Failed

ARCHIVE = "media.tar"


def pack(file: Path) -> None:
    """Write all uploaded files into an archive."""
    with tarfile.open(file, "w") as archive:
        if settings.MEDIA_BUCKET:
            for name in names():
                _add(archive, name)
        elif _folder().is_dir():
            archive.add(_folder(), arcname=".")


def check(file: Path) -> None:
    """Raise Failed if the archive is not whole, or would write outside its folder."""
    try:
        with tarfile.open(file) as archive:
            for member in archive:
                tarfile.data_filter(member, "/nowhere")
    except (tarfile.TarError, OSError) as error:
        raise Failed(f"The archive of uploaded files cannot be read: {error}.") from error


def is_empty() -> bool:
    if settings.MEDIA_BUCKET:
        return next(names(), None) is None
    return not _folder().is_dir() or not any(_folder().iterdir())


def unpack(file: Path) -> None:
    """Put the files in the place of whatever the folder or the bucket holds."""
    with tarfile.open(file) as archive:
        if settings.MEDIA_BUCKET:
            _fill_bucket(archive)
        else:
            _fill_folder(archive, _folder())


def names(below: str = "") -> Iterator[str]:
    """Yield the name of each file of the storage."""
    folders, files = default_storage.listdir(below)
    yield from (f"{below}{name}" for name in sorted(files))
    for folder in sorted(folders):
        yield from names(f"{below}{folder}/")


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT)


def _add(archive: TarFile, name: str) -> None:
    member = TarInfo(f"./{name}")
    member.mode = 0o644
    with default_storage.open(name) as stored:
        member.size = stored.size
        archive.addfile(member, stored)


def _fill_bucket(archive: TarFile) -> None:
    for name in [*names()]:
        default_storage.delete(name)
    for member in archive:
        if content := archive.extractfile(member):
            name = member.name.removeprefix("./")
            if default_storage.save(name, File(content, name)) != name:
                raise Failed(
                    f"{name} could not be put into the bucket by its name: somebody else writes to it."
                )


def _fill_folder(archive: TarFile, folder: Path) -> None:
    """The folder may be a mount, so that it stays itself."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    archive.extractall(folder, filter="data")
