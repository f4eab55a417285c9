"""The fonts of our PDF files, cut down to the characters in use.

WeasyPrint subsets fonts too, but leaves an empty glyph for each character of the font that is not used;
with 65,000 of them an embedded CJK font stays ten times as large as what it draws.
"""

import io
import subprocess
from base64 import b64encode
from collections.abc import Iterable
from functools import cache, lru_cache

from cpor_core.court_forms.styles import SANS, SERIF

# The name of the font of what is filled in: its characters differ with each petition.
FILLED = "Filled In"

WEIGHTS = {"normal": "regular", "bold": "bold"}


class FontMissing(Exception):
    """The machine does not have a font."""


def own_name(family: str) -> str:
    """Return the name of our subset of a font in the PDF, other than that of the installed font."""
    return f"{family} Form"


@cache
def font_faces(characters: str, *, keeps_layout: bool = True) -> str:
    """Return CSS with each font embedded, cut down to `characters`. Raises FontMissing."""
    return "".join(
        _face(own_name(family), weight, _cut(family, style, characters, keeps_layout=keeps_layout))
        for family, *_others in (SERIF, SANS)
        for weight, style in WEIGHTS.items()
    )


@lru_cache(maxsize=32)
def filled_face(characters: str) -> str:
    """Return CSS with the font of what is filled in, cut down to `characters`. Raises FontMissing."""
    return _face(FILLED, "normal", _cut(SANS[0], WEIGHTS["normal"], characters, keeps_layout=False))


def _face(name: str, weight: str, font: bytes) -> str:
    source = f"data:font/otf;base64,{b64encode(font).decode()}"
    return f"@font-face{{font-family:'{name}';font-weight:{weight};src:url({source})}}"


def characters_of(pages: Iterable[str]) -> str:
    return "".join(sorted(set("".join(pages))))


def _cut(family: str, style: str, characters: str, *, keeps_layout: bool = True) -> bytes:
    """Return the font with these characters; without its layout tables (ligatures, kerning) in half the time."""
    query = ["fc-match", "--format", "%{family[0]}|%{file}|%{index}", f"{family}:style={style}"]
    try:
        found = subprocess.run(query, capture_output=True, check=True, text=True)  # noqa: S603 (our own words)
    except FileNotFoundError as error:
        raise FontMissing("Fonts cannot be looked for (Debian: fontconfig).") from error
    name, file, index = found.stdout.split("|")
    if name != family:
        raise FontMissing(f"The font {family} is not installed (Debian: fonts-noto-cjk).")
    from fontTools import subset  # 0.1 s that only a PDF needs
    from fontTools.ttLib import TTFont

    font = TTFont(file, fontNumber=int(index), recalcTimestamp=False)
    options = subset.Options(desubroutinize=True, hinting=False, notdef_outline=True)
    if not keeps_layout:
        options.drop_tables += ["GSUB", "GPOS"]
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(font)
    cut = io.BytesIO()
    font.save(cut)
    return _number_glyphs(cut)


def _number_glyphs(file: io.BytesIO) -> bytes:
    """Name the glyphs after their new places: a PDF finds them by that number."""
    from fontTools.ttLib import TTFont

    font = TTFont(file, recalcTimestamp=False)
    outlines = font["CFF "].cff.topDictIndex[0]
    old = outlines.charset
    new = [".notdef", *(f"cid{place:05d}" for place in range(1, len(old)))]
    strings = outlines.CharStrings.charStrings
    outlines.CharStrings.charStrings = {name: strings[was] for name, was in zip(new, old, strict=True)}
    outlines.charset = new
    font.setGlyphOrder(new)
    numbered = io.BytesIO()
    font.save(numbered)
    return numbered.getvalue()
