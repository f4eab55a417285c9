"""URLs of this site: absolute ones for mails and feeds, and paths without their language prefix."""

from django.utils.translation import get_language_from_path

from cpor_core import conf


def absolute(path: str) -> str:
    """Return the absolute URL of a path on this site (BASE_URL)."""
    return f"{conf.BASE_URL}{path}"


def without_language(path: str) -> str:
    """Return a path without the prefix of its language: /cases/ for /en/cases/."""
    language = get_language_from_path(path)
    return path.removeprefix(f"/{language}") if language else path
