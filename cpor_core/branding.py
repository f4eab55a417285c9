"""The name, logo and accent colour of the service: as its office has set it, else as it comes. Pages, mails and files read it here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import content_version, languages
from .colours import DARK, EASILY_READABLE, LIGHT
from .signals import branding_asked

ACCENT = "#0b5c60"  # the --accent of site/static/cpor/css/tokens.css
ACCENT_ON_DARK = "#7cc9c6"


@dataclass(frozen=True)
class Branding:
    """What an office has set; what is empty is as the service comes."""

    names: Mapping[str, str] = field(default_factory=dict)  # by language
    own_accent: str = ""
    own_accent_on_dark: str = ""

    @property
    def accent(self) -> str:
        """The colour of links and buttons on light grounds, `#rrggbb`."""
        return self.own_accent or ACCENT

    @property
    def accent_on_dark(self) -> str:
        """The same on dark grounds: if it is not set, of the hue of the accent."""
        if self.own_accent_on_dark or not self.own_accent:
            return self.own_accent_on_dark or ACCENT_ON_DARK
        return DARK.nearest_readable(self.own_accent, ratio=EASILY_READABLE)

    @property
    def style_rules(self) -> str:
        """The custom properties that an own accent changes; empty without one."""
        if not self.own_accent and not self.own_accent_on_dark:
            return ""
        light = _declarations(LIGHT.shades(self.accent))
        dark = _declarations(DARK.shades(self.accent_on_dark))
        return f"@layer tokens{{:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}}}"


def _declarations(shades: dict[str, str]) -> str:
    return ";".join(f"{name}:{colour}" for name, colour in shades.items())


def current(request: HttpRequest | None = None) -> Branding:
    """Return what is set now."""
    return content_version.cached("branding", lambda: _asked(request))


def service_name(request: HttpRequest | None = None) -> str:
    """Return the name of the service in the reader's language."""
    return in_reader_language(current(request).names)


def in_reader_language(names: Mapping[str, str]) -> str:
    """Return the name that was set for the reader's language; else the usual one, not the name in another language."""
    return names.get(languages.reader()) or _("Online Case Progress Service")


def _asked(request: HttpRequest | None) -> Branding:
    answers: list[tuple[Any, Any]] = branding_asked.send(Branding, request=request)
    return next((found for _receiver, found in answers if found), Branding())
