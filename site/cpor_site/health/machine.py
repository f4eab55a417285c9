"""What this machine needs to serve pages: the database, free space, and the server of queue and cache."""

import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from django.conf import settings
from django.db import connection
from health_check.exceptions import ServiceUnavailable, ServiceWarning
from huey.contrib.djhuey import HUEY

from cpor_core import conf
from cpor_core.circuit_breaker import Away

from .check import Check


class Database(Check):
    """Queried on a connection of its own, and for no longer than a load balancer waits: a page may wait longer."""

    WITHIN_SECONDS = 1.5
    _thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readyz")

    @cached_property
    def answers(self) -> bool:
        query = self._thread.submit(_query_database)
        try:
            query.result(self.WITHIN_SECONDS)
        except Exception:
            return False
        finally:
            query.cancel()  # if an earlier one is still running
        return True

    def examine(self) -> None:
        if not self.answers:
            raise ServiceUnavailable("")


def _query_database() -> None:
    try:
        with connection.cursor() as cursor:
            # SELECT 1 would not read SQLite's file.
            cursor.execute("PRAGMA schema_version" if connection.vendor == "sqlite" else "SELECT 1")
    finally:
        connection.close()


class Disk(Check):
    """The free space of the fullest of the folders in which the service writes."""

    FULL_MB = 20  # with less a database file, an upload or a mail soon fails to be written

    def examine(self) -> None:
        free, where = min((shutil.disk_usage(folder).free >> 20, name) for name, folder in written_folders())
        self.figures, self.words = {"free_mb": free}, f"{free} MB free in {where}"
        if free < self.FULL_MB:
            raise ServiceUnavailable("")
        if free < settings.DISK_FREE_MB:
            raise ServiceWarning("")


def written_folders() -> list[tuple[str, str]]:
    """Return name and path of each folder of this machine in which the service writes, as far as it is there."""
    folders = [("var", str(conf.VAR_DIR)), ("media", settings.MEDIA_ROOT), ("tmp", tempfile.gettempdir())]
    if connection.vendor == "sqlite":
        folders.append(("database", os.path.dirname(str(connection.settings_dict["NAME"]))))
    return [(name, folder) for name, folder in folders if os.path.isdir(folder)]


class Queue(Check):
    """The server of queue and cache: Redis, or a file on the one machine."""

    def examine(self) -> None:
        try:
            with HUEY.breaker:
                count = HUEY.pending_count()
        except Away:
            self.words = f"{HUEY.breaker.name} is away: pages work; mails, imports and the clock wait for it"
            raise ServiceWarning(self.words) from None
        self.figures, self.words = {"waiting": count}, f"{count} waiting"
