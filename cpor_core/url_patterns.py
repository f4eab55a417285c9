"""Replacing views of a library by our own, under the same URL names."""

from collections.abc import Iterable

from django.urls import URLPattern, URLResolver


def without(
    patterns: Iterable[URLPattern | URLResolver], names: Iterable[str]
) -> list[URLPattern | URLResolver]:
    """Return a library's patterns without those of these names, for which the site has views of its own.

    Standing in front of them is not enough: where a library's pattern takes more than ours (`<int:pk>` and `(\\d+)` take any
    number of digits, `00…01` among them), an address that ours does not take would reach the library's view.
    """
    names = frozenset(names)
    kept: list[URLPattern | URLResolver] = []
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = without(each.url_patterns, names)
            kept.append(URLResolver(each.pattern, inner, each.default_kwargs, each.app_name, each.namespace))
        elif each.name not in names:
            kept.append(each)
    return kept
