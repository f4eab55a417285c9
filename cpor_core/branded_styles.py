"""The style sheet of a service with an accent of its own: the usual one and the changed colours, in one answer.

So a first visit asks no more often than one to a service without (tests/pages/test_first_screen.py), and no page needs
inline styles, which the Content-Security-Policy refuses.
"""

import hashlib

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

from . import branding

SHEET = "cpor/css/site.css"


def address(request: HttpRequest | None = None) -> str:
    """Return where the style sheet of all pages is; its name changes with its content."""
    rules = branding.current(request).style_rules
    if rules:
        try:
            return reverse("branded_styles", args=[version_of(rules)])
        except NoReverseMatch:  # a project that has the rules from somewhere else
            pass
    return static(SHEET)


def version_of(rules: str) -> str:
    return hashlib.sha256(f"{static(SHEET)} {rules}".encode()).hexdigest()[:12]


def content_of(rules: str) -> str:
    """Return the usual style sheet and the rules; where it cannot be taken in whole, it is imported."""
    usual = _whole() or f'@import url("{static(SHEET)}");'
    return f"{usual}\n{rules}\n"


def _whole() -> str:
    """Return the collected style sheet; empty if it is not collected, or speaks of files beside it."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return ""
    try:
        with staticfiles_storage.open(staticfiles_storage.stored_name(SHEET)) as file:
            content = file.read().decode()
    except (OSError, ValueError):
        return ""
    return "" if "@import" in content or "url(" in content else content
