"""docs/reference/addresses.md: the public addresses, from the URL patterns; those of the office are in permissions.md."""

from collections.abc import Iterator

from django.contrib.admindocs.views import simplify_regex
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from .tables import code, sentence, table

PATH = "reference/addresses.md"
HEAD = """# Addresses

Written by `make docs` from the URL patterns of the site in `site/`. Pages that editors write are in Wagtail's tree, at whatever address they have there; the
addresses of the office are in [permissions](permissions.md), those of the interface in the [guide for court systems](../court-systems.md); `/healthz`, `/readyz` and `/metrics` are answered before all others. Each address of
a page has its twin in every other language: `/en/cases/`.

"""
LEFT_OUT = ("office/", "api/", "_util/", "_allauth/")


def text() -> str:
    """Return the page."""
    rows = [(code(f"/{path}"), code(name), says) for path, name, says in sorted(_found(get_resolver()))]
    return HEAD + table(["address", "name", "the view says of itself"], dict.fromkeys(rows))


def _found(resolver: URLResolver, before: str = "", namespace: str = "") -> Iterator[tuple[str, str, str]]:
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if path.startswith(LEFT_OUT):
            continue
        if isinstance(each, URLResolver):
            inner = ":".join(filter(None, [namespace, each.namespace or ""]))
            yield from _found(each, path, inner)
        elif isinstance(each, URLPattern) and _is_ours(each.callback):
            yield (
                _in_short(path),
                ":".join(filter(None, [namespace, each.name or ""])),
                _says(each.callback),
            )


def _in_short(path: str) -> str:
    """Return a pattern as an address: what is an expression in it becomes the name of what it finds."""
    return path if "(?P" not in path else simplify_regex(path.replace("^", "")).lstrip("/")


def _is_ours(view) -> bool:
    return getattr(view, "view_class", view).__module__.startswith(("cpor_", "allauth."))


def _says(view) -> str:
    shown = getattr(view, "view_class", view)
    return sentence(shown.__doc__) if shown.__module__.startswith("cpor_") else "allauth's"
