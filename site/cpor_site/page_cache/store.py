"""The cached pages of one worker."""

import threading
import time
from collections import OrderedDict
from contextlib import suppress

from .pages import CachedPage


class PageStore:
    """At most `size` pages; the least recently used falls out."""

    def __init__(self, size: int):
        self.size = size
        self.pages: OrderedDict[tuple, CachedPage] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: tuple, version: str) -> CachedPage | None:
        """Return the page if it was made under this version and on this day."""
        page = self.pages.get(key)
        if page is None or page.version != version or time.time() >= page.good_until:
            return None
        with suppress(KeyError):  # it fell out this moment: still good
            self.pages.move_to_end(key)
        return page

    def put(self, key: tuple, page: CachedPage) -> None:
        with self.lock:
            self.pages[key] = page
            self.pages.move_to_end(key)
            while len(self.pages) > self.size:
                self.pages.popitem(last=False)
