"""What an installation or an upgrade brings to this machine: migrations, static files, the folder of uploads."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from health_check.exceptions import ServiceUnavailable, ServiceWarning

from .check import Check


class Migrations(Check):
    """Whether the database has all that this program expects of it. With less, some pages would fail."""

    needs_database = True
    were_complete: ClassVar[bool] = False  # looked for until they are: it takes 0.1 s

    def examine(self) -> None:
        if Migrations.were_complete:
            return
        if missing := self.need(_unapplied):
            self.figures = {"unapplied": len(missing)}
            self.words = f"not applied: {', '.join(missing[:5])}: run manage.py setup"
            raise ServiceUnavailable("")
        Migrations.were_complete = True


def _unapplied() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


class Static(Check):
    """Whether this process knows the names of the static files; without them no page can be made."""

    def examine(self) -> None:
        if not isinstance(staticfiles_storage, ManifestFilesMixin):
            return
        names, digest = staticfiles_storage.load_manifest()
        if not names:
            self.words = "not collected: run manage.py setup, then start the web server anew"
            raise ServiceUnavailable("")
        if not staticfiles_storage.hashed_files:
            self.words = "collected after the start: start the web server anew"
            raise ServiceUnavailable("")
        if digest != staticfiles_storage.manifest_hash:
            self.words = "newer than this process: start the web server anew"
            raise ServiceWarning("")


class Media(Check):
    """Whether documents and pictures can be read and written: a share may not be mounted, a bucket not answer."""

    WITHIN_SECONDS = 0.5
    _thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readyz-media")

    def examine(self) -> None:
        if settings.MEDIA_BUCKET:
            self._examine_bucket()
        elif isinstance(default_storage, FileSystemStorage):
            self._examine_folder()

    def _examine_bucket(self) -> None:
        storage: Any = default_storage
        _ = storage.client  # made before the clock runs
        answer = self._thread.submit(storage.require_reachable)
        try:
            answer.result(self.WITHIN_SECONDS)
        except Exception as error:
            self.words = "the bucket does not answer or refuses: documents and pictures are missing"
            raise ServiceWarning("") from error
        finally:
            answer.cancel()  # if an earlier one is still waited for

    def _examine_folder(self) -> None:
        if not os.path.isdir(settings.MEDIA_ROOT):
            self.words = f"{settings.MEDIA_ROOT} is not there: documents and pictures are missing"
        elif not os.access(settings.MEDIA_ROOT, os.W_OK | os.X_OK):
            self.words = f"{settings.MEDIA_ROOT} cannot be written to: nothing can be uploaded"
        else:
            return
        raise ServiceWarning("")
