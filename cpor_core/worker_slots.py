"""Who may use the threads of a worker: one is kept for mail, and one for what is small.

Mail and large files take seconds to minutes, small files a moment. So mail and large files together leave a thread to small
files, and files together leave one to mail. With fewer than three threads there is not one for each; then mail comes first.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import cast

from django.conf import settings

MOST = 1_000_000


class WorkerSlots:
    """The slots of one worker process with so many threads; a process that is no worker has any number for mail."""

    def __init__(self, threads: int):
        self._of_files = threading.BoundedSemaphore(max(1, threads - 1))
        self._of_large_files = threading.BoundedSemaphore(max(1, threads - 2))
        self._of_long_work = threading.BoundedSemaphore(threads - 1 if threads > 2 else MOST)

    def for_mail(self) -> AbstractContextManager[bool]:
        return self._taken(self._of_long_work)

    def for_small_file(self) -> AbstractContextManager[bool]:
        return self._taken(self._of_files)

    def for_large_file(self) -> AbstractContextManager[bool]:
        return self._taken(self._of_large_files, self._of_files, self._of_long_work)

    @contextmanager
    def _taken(self, *needed: threading.BoundedSemaphore) -> Iterator[bool]:
        """Hold what is needed, if all of it is free; yield whether it was."""
        with ExitStack() as ours:
            for slots in needed:
                if not slots.acquire(blocking=False):
                    yield False
                    return
                ours.callback(slots.release)
            yield True


SLOTS = WorkerSlots(cast(dict[str, int], settings.HUEY.get("consumer", {})).get("workers", 1))
