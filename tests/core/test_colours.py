"""Which accents can be read: contrast by WCAG 2.2, on the grounds that the style sheet really has."""

import re

import pytest
from django.conf import settings

from cpor_core import branding, colours
from cpor_core.colours import DARK, LIGHT

TOKENS = (settings.BASE_DIR / "site/static/cpor/css/tokens.css").read_text(encoding="utf-8")


def token(name: str, *, dark: bool = False) -> str:
    part = TOKENS.partition("prefers-color-scheme: dark")[2 if dark else 0]
    return re.search(rf"--{name}: (#[0-9a-f]{{6}})", part)[1]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0b5c60", "#0b5c60", 1)],
)
def test_contrast_is_that_of_the_standard(one, other, ratio):
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@pytest.mark.parametrize(("scheme", "dark"), [(LIGHT, False), (DARK, True)])
def test_the_grounds_are_those_of_the_style_sheet(scheme, dark):
    assert scheme.grounds == tuple(token(name, dark=dark) for name in ("ground", "surface", "sunken"))


def test_the_accent_that_the_service_comes_with_is_the_style_sheets_and_can_be_read():
    assert token("accent") == branding.ACCENT
    assert token("accent", dark=True) == branding.ACCENT_ON_DARK
    assert LIGHT.worst_contrast(branding.ACCENT) >= colours.READABLE
    assert DARK.worst_contrast(branding.ACCENT_ON_DARK) >= colours.READABLE


@pytest.mark.parametrize("colour", ["#ffcc00", "#ff0000", "#ffffff", "#00ff00", "#888888", "#000000"])
@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_the_nearest_readable_colour_can_be_read_and_one_step_less_cannot(scheme, colour):
    nearest = scheme.nearest_readable(colour)

    assert scheme.worst_contrast(nearest) >= colours.READABLE
    if nearest != colour:
        assert scheme.worst_contrast(colours.mixed(nearest, colour, 0.05)) < colours.READABLE


def test_a_readable_colour_is_its_own_nearest():
    assert LIGHT.nearest_readable("#1a4fa0") == "#1a4fa0"


@pytest.mark.parametrize("own", ["#a3211c", "#1a4fa0", "#000000", "#846a00"])
def test_text_in_each_shade_that_follows_can_be_read(own):
    chosen = branding.Branding(own_accent=own)

    for scheme, accent in ((LIGHT, chosen.accent), (DARK, chosen.accent_on_dark)):
        shades = scheme.shades(accent)
        for ground in (*scheme.grounds, shades["--accent-soft"]):
            assert colours.contrast(shades["--accent"], ground) >= colours.READABLE
            assert colours.contrast(shades["--accent-strong"], ground) >= colours.READABLE
        for button in (shades["--accent"], shades["--accent-strong"]):
            assert colours.contrast(shades["--on-accent"], button) >= colours.READABLE
