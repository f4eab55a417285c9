"""The version of what public pages show: all workers share it, and it changes whenever content changes.

Pages and parts of pages that are cached under one version are out of date under the next. The version is a file where
all workers run on one machine, and a channel of Redis where they run on several.
"""

import os
import threading
import time
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction
from django.dispatch import receiver

from .signals import content_changed

# Reading the version costs a tenth of answering from the cache. Within a millisecond nobody has seen what was published.
READ_EVERY = 0.001  # seconds

Made = TypeVar("Made")


class ContentVersion:
    """Reads and changes the version."""

    def __init__(self) -> None:
        self.value: str | None = None
        self.read_at = 0.0
        self.lock = threading.Lock()

    def current(self) -> str | None:
        """Return the version; None while it cannot be known, so that nothing may be taken from a cache."""
        now = time.monotonic()
        if now - self.read_at > READ_EVERY:
            with self.lock:
                self.value = self.read(now)
                self.read_at = now
        return self.value

    def read(self, now: float) -> str | None:
        raise NotImplementedError

    def change(self) -> None:
        """Change the version before the next answer of any worker."""
        raise NotImplementedError


class FileVersion(ContentVersion):
    """The version on one machine: which file it is, and when it was written."""

    def __init__(self, path: str):
        super().__init__()
        self.path = path

    def read(self, now: float) -> str:
        try:
            status = os.stat(self.path)
        except FileNotFoundError:
            return "never"
        return f"{status.st_ino}-{status.st_mtime_ns}"

    def change(self) -> None:
        fresh = uuid.uuid4().hex
        path = Path(self.path)
        unfinished = path.with_name(f"{path.name}.{fresh}")
        unfinished.write_text(fresh)
        unfinished.replace(path)  # another inode: noticed even within one tick of the clock


@cache
def shared() -> ContentVersion:
    """Return the version of this project."""
    if settings.REDIS_URL:
        from .redis_version import RedisVersion

        return RedisVersion(settings.REDIS_URL)
    return FileVersion(settings.CONTENT_VERSION_FILE)


@receiver(content_changed)
def change_on_commit(**_signal) -> None:
    """Change the version as soon as the change of content is committed."""
    if settings.PAGE_CACHE_PAGES:
        transaction.on_commit(shared().change, robust=True)


# What many pages share, in the memory of each worker.
_parts = LocMemCache("cpor_core.content_version", {})


def cached(name: str, make: Callable[[], Made]) -> Made:
    """Return what `make()` returned last under this name, unless content has changed since."""
    # Read before making: a change during `make` puts its result out of date at once.
    version = shared().current() if settings.PAGE_CACHE_PAGES else None
    if version is None:
        return make()
    return _parts.get_or_set(name, make, timeout=None, version=version)
