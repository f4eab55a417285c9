"""A backup: a folder with the files, enciphered if there is a recipient, and a manifest with their checksums.

It is written below a name of its own and renamed when it is whole, so that a broken one is never taken for a backup.
"""

import datetime as dt
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from . import databases, media
from .databases import Failed

MANIFEST, FORMAT = "manifest.json", 1
NAME = "cpor-%Y%m%dT%H%M%SZ"
SUFFIX = ".age"


def make(folder: Path) -> Path:
    """Make a backup of this home within `folder`, and return its path. Raises Failed."""
    now = timezone.now().astimezone(dt.UTC)
    recipients = [recipient_of(text) for text in settings.BACKUP_RECIPIENTS]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = folder / now.strftime(NAME)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder))
    try:
        with _plain_files() as plain:
            databases.dump(plain / databases.DUMP)
            databases.check(plain / databases.DUMP)
            media.pack(plain / media.ARCHIVE)
            files = [_store(file, partial, recipients) for file in sorted(plain.iterdir())]
        _write_manifest(partial, files, made_at=now, is_enciphered=bool(recipients))
        partial.rename(whole)
    except BaseException:
        shutil.rmtree(partial)
        raise
    return whole


def restore(backup: Path, *, identity: Path | None, may_replace: bool) -> dict:
    """Put a backup in the place of this home, and return its manifest. Nothing is changed unless all of it is whole.

    Raises Failed, also if the home is not empty and may not be replaced.
    """
    manifest = read_manifest(backup)
    _require_whole(backup, manifest)
    if not may_replace and not (databases.is_empty() and media.is_empty()):
        raise Failed(
            "This home is not empty: its database, documents or pictures would be lost. To do so: --replace"
        )
    with _plain_files() as plain:
        for name in manifest["files"]:
            _open(backup / name, plain, _identity_in(identity))
        databases.check(plain / databases.DUMP)
        media.check(plain / media.ARCHIVE)
        databases.load(plain / databases.DUMP)
        media.unpack(plain / media.ARCHIVE)
    return manifest


def remove_old(folder: Path, *, days: int) -> list[Path]:
    """Remove the backups in `folder` that are older, but never the newest; return them."""
    oldest = timezone.now() - dt.timedelta(days=days)
    backups = sorted(path for path in folder.glob("cpor-*Z") if (path / MANIFEST).is_file())
    old = [
        path for path in backups[:-1] if dt.datetime.strptime(path.name, NAME).replace(tzinfo=dt.UTC) < oldest
    ]
    for path in old:
        shutil.rmtree(path)
    return old


def read_manifest(backup: Path) -> dict:
    """Return what a backup says of itself. Raises Failed if this program cannot restore it here."""
    try:
        manifest = json.loads((backup / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Failed(f"{backup} is no backup: {MANIFEST} cannot be read ({error}).") from error
    if manifest.get("format") != FORMAT:
        raise Failed(f"{backup} is of another version of this program (format {manifest.get('format')}).")
    if manifest["database"] != connection.vendor:
        raise Failed(f"{backup} is of {manifest['database']}, and this home has {connection.vendor}.")
    return manifest


def recipient_of(text: str) -> pyrage.x25519.Recipient:
    return pyrage.x25519.Recipient.from_str(text)


def _require_whole(backup: Path, manifest: dict) -> None:
    for name, told in manifest["files"].items():
        path = backup / name
        if not path.is_file() or path.stat().st_size != told["bytes"] or _digest(path) != told["sha256"]:
            raise Failed(f"{path} is missing or not what was backed up: nothing was changed.")


@contextmanager
def _plain_files() -> Iterator[Path]:
    """Yield a folder for what is not enciphered: below VAR_DIR, where the data is anyway."""
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.VAR_DIR) as folder:
        yield Path(folder)


def _store(file: Path, folder: Path, recipients: list) -> Path:
    if not recipients:
        return Path(shutil.move(file, folder / file.name))
    stored = folder / f"{file.name}{SUFFIX}"
    with file.open("rb") as plain, stored.open("wb") as enciphered:
        pyrage.encrypt_io(plain, enciphered, recipients)
    file.unlink()
    return stored


def _open(file: Path, folder: Path, identities: list) -> None:
    if not file.name.endswith(SUFFIX):
        shutil.copyfile(file, folder / file.name)
        return
    if not identities:
        raise Failed("This backup is enciphered: name the file with the secret key, --identity FILE.")
    with file.open("rb") as enciphered, (folder / file.name.removesuffix(SUFFIX)).open("wb") as plain:
        try:
            pyrage.decrypt_io(enciphered, plain, identities)
        except (pyrage.DecryptError, OSError) as error:
            raise Failed(
                f"{file} cannot be deciphered with this key ({error}): nothing was changed."
            ) from error


def _identity_in(file: Path | None) -> list:
    """Return the key in a file as `age-keygen` writes it."""
    if not file:
        return []
    try:
        lines = file.read_text(encoding="ascii").splitlines()
        return [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.startswith("AGE-SECRET-KEY-")
        ]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise Failed(f"{file} holds no secret key of age ({error}).") from error


def _write_manifest(folder: Path, files: list[Path], *, made_at: dt.datetime, is_enciphered: bool) -> None:
    applied = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    manifest = {
        "format": FORMAT,
        "made_at": made_at.isoformat(timespec="seconds"),
        "database": connection.vendor,
        "enciphered": is_enciphered,
        "files": {path.name: {"bytes": path.stat().st_size, "sha256": _digest(path)} for path in files},
        "migrations": applied,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
