"""The version of the public content: all processes share it, and it changes whenever the content changes.

Pages and parts of pages that are cached under one version are out of date under the next. The version is a file where
all workers run on one machine, and a channel of Redis where they run on several.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction
from django.dispatch import receiver

from cpor_core import conf
from cpor_core.signals import content_changed

from .versions import ContentVersion, FileVersion

__all__ = ["ContentVersion", "FileVersion", "cached", "shared"]

Made = TypeVar("Made")


@cache
def shared() -> ContentVersion:
    """Return the version of this project."""
    if conf.REDIS_URL:
        from .redis_version import RedisVersion  # only here: a site without Redis needs no client of it

        return RedisVersion(conf.REDIS_URL)
    return FileVersion(conf.CONTENT_VERSION_FILE)


@receiver(content_changed)
def change_on_commit(**_signal) -> None:
    """Change the version as soon as the change of content is committed."""
    if conf.PAGE_CACHE_PAGES:
        transaction.on_commit(shared().change, robust=True)


# What many pages share, in the memory of each worker.
_parts = LocMemCache("cpor_core.content_version", {})


def cached(name: str, make: Callable[[], Made], *, seconds: float | None = None) -> Made:
    """Return what `make()` returned last under this name, unless content has changed since; `seconds`: nor for longer."""
    # Read before making: a change during `make` puts its result out of date at once.
    version = shared().current() if conf.PAGE_CACHE_PAGES else None
    if version is None:
        return make()
    return _parts.get_or_set(f"{version}:{name}", make, timeout=seconds)  # type: ignore[return-value]  # what `make` returns
