"""The accent colour that an office types: any usual spelling, as long as it can be read."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cpor_core.colours import HEX, LIGHT, READABLE, Scheme


def readable_colour(typed: str, scheme: Scheme) -> str:
    """Return the colour as `#rrggbb`; empty for nothing. Raise ValidationError if it is none, or too faint on the grounds."""
    colour = _whole(typed.strip().lower())
    if not colour:
        return ""
    if not HEX.fullmatch(colour):
        raise ValidationError(
            _("“%(typed)s” is no colour. Write # and six digits, such as #0b5c60.") % {"typed": typed}
        )
    found = scheme.worst_contrast(colour)
    if found < READABLE:
        raise ValidationError(_too_faint(scheme) % _figures(colour, found, scheme))
    return colour


def _whole(colour: str) -> str:
    """Return `#rrggbb` of what may lack the # or have one digit for two."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}" if digits else ""


def _too_faint(scheme: Scheme) -> str:
    if scheme is LIGHT:
        return _(
            "%(colour)s is hard to read on light pages: its contrast is %(found)s : 1, and text needs %(needed)s : 1. "
            "The nearest colour that passes is %(nearest)s."
        )
    return _(
        "%(colour)s is hard to read on dark pages: its contrast is %(found)s : 1, and text needs %(needed)s : 1. "
        "The nearest colour that passes is %(nearest)s."
    )


def _figures(colour: str, found: float, scheme: Scheme) -> dict[str, str]:
    # Cut, not rounded: 4.496 is not 4.5.
    return {
        "colour": colour,
        "found": f"{int(found * 100) / 100:.2f}",
        "needed": f"{READABLE}",
        "nearest": scheme.nearest_readable(colour),
    }
