"""Recognise requests for Wagtail's admin, wherever and however often a site includes its URLs."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from django.http import HttpRequest
from django.urls import URLResolver

EDITING_SESSIONS = "wagtailadmin_editing_sessions"
STANDS_IN = "stands_in_for_admin"


def is_for_admin(request: HttpRequest) -> bool:
    """Whether a resolved request is answered by a view of the admin, Wagtail's own or one registered with it.

    The views are compared, not the path: `wagtail.admin.urls` wraps each of them once, wherever it is included.
    """
    match = request.resolver_match
    return match is not None and (match.func in _views() or hasattr(match.func, STANDS_IN))


def stands_in_for_admin(view: Callable) -> Callable:
    """Return a view that replaces one of the admin's, with the same requirements for access."""
    from wagtail.admin.auth import require_admin_access  # reads models, so not before it is needed

    guarded = require_admin_access(view)
    setattr(guarded, STANDS_IN, True)
    return guarded


def is_sent_by_open_editor(request: HttpRequest) -> bool:
    """Whether the editor sent a resolved request by itself: every ten seconds it says that it is open."""
    match = request.resolver_match
    return match is not None and EDITING_SESSIONS in match.namespaces


@cache
def _views() -> frozenset[Callable]:
    from wagtail.admin import urls  # builds the patterns of all registered views, so not before it is needed

    return frozenset(_callbacks(urls.urlpatterns))


def _callbacks(patterns: Iterable) -> Iterator[Callable]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _callbacks(pattern.url_patterns)
        else:
            yield pattern.callback
