"""Whole public pages, cached in each worker for anonymous visitors, and out of date as soon as content changes.

Cached are only pages that are the same for everybody: requested without a session, answered without a cookie and without
a CSRF token. They are answered before Django is called at all.
"""

from .application import PageCache

__all__ = ["PageCache"]
