"""Colours: how far two are apart for the eye (WCAG 2.2), and the shades of an accent that can be read on the site's grounds."""

import colorsys
import re
from dataclasses import dataclass

HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)
READABLE = 4.5  # the contrast of text by WCAG 2.2, 1.4.3 (level AA)
EASILY_READABLE = 7.0  # 1.4.6 (level AAA)
STEPS = 255

Rgb = tuple[float, float, float]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`: from 1, which nobody sees, to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> Rgb:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _hex(parts: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def mixed(colour: str, other: str, share: float) -> str:
    """Return `colour` with this share of `other` in it."""
    red, green, blue = (
        one * (1 - share) + another * share
        for one, another in zip(_parts(colour), _parts(other), strict=True)
    )
    return _hex((red, green, blue))


@dataclass(frozen=True)
class Scheme:
    """The light or the dark scheme: on which grounds the accent stands, and what its shades are mixed with."""

    grounds: tuple[str, ...]  # --ground, --surface and --sunken of site/static/cpor/css/tokens.css
    ink: str  # towards which the strong shade goes
    soft_share: float
    on_accent: str  # what is written on a button

    def shades(self, accent: str) -> dict[str, str]:
        """Return the custom properties that follow from an accent."""
        return {
            "--accent": accent,
            "--accent-strong": mixed(accent, self.ink, 0.35),
            "--accent-soft": self._soft(accent),
            "--on-accent": self.on_accent,
        }

    def _soft(self, accent: str) -> str:
        return mixed(self.grounds[1], accent, self.soft_share)

    def worst_contrast(self, accent: str) -> float:
        """Return the least contrast in which the accent is seen: as text on the grounds, and as the ground of a button."""
        beside = (*self.grounds, self._soft(accent), self.on_accent)
        return min(contrast(accent, each) for each in beside)

    def nearest_readable(self, colour: str, *, ratio: float = READABLE) -> str:
        """Return the colour of the same hue that reaches the ratio and is the least lighter or darker than `colour`."""
        if self.worst_contrast(colour) >= ratio:
            return colour
        hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
        steps = sorted(range(STEPS + 1), key=lambda step: abs(step / STEPS - lightness))
        shades = (_hex(colorsys.hls_to_rgb(hue, step / STEPS, saturation)) for step in steps)
        return next(shade for shade in shades if self.worst_contrast(shade) >= ratio)


LIGHT = Scheme(grounds=("#fbfaf7", "#ffffff", "#f2f0ea"), ink="#000000", soft_share=0.1, on_accent="#ffffff")
DARK = Scheme(grounds=("#14191b", "#1b2224", "#20282b"), ink="#ffffff", soft_share=0.15, on_accent="#0f1517")
