"""Whole addresses of this site, for those who read them elsewhere."""

from django.conf import settings


def absolute(path: str) -> str:
    """Return the whole address of a path on this site."""
    return f"{settings.BASE_URL}{path}"
