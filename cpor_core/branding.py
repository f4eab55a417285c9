"""What the service is called: as its office has set it, else as it comes. Pages, mails and files read it here."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import content_version, languages
from .signals import service_named


def service_name(request: HttpRequest | None = None) -> str:
    """Return the name of the service in the reader's language."""
    return in_reader_language(service_names(request))


def service_names(request: HttpRequest | None = None) -> dict[str, str]:
    """Return the names that have been set, by language."""
    return content_version.cached("service_names", lambda: _set_names(request))


def in_reader_language(names: Mapping[str, str]) -> str:
    """Return the name that was set for the reader's language; else the usual one, not the name in another language."""
    return names.get(languages.reader()) or _("Online Case Progress Service")


def _set_names(request: HttpRequest | None) -> dict[str, str]:
    answers: list[tuple[Any, Any]] = service_named.send(service_name, request=request)
    return next((names for _receiver, names in answers if names), {})
