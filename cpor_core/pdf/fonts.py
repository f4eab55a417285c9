"""The fonts of our PDF files, cut down to the characters in use.

WeasyPrint subsets fonts too, but leaves an empty glyph for each character of the font that is not used;
with 65,000 of them an embedded CJK font stays ten times as large as what it draws.
"""

import io
import subprocess
from base64 import b64encode
from collections.abc import Iterable
from functools import cache

from cpor_core.court_forms.styles import SANS, SERIF

WEIGHTS = {"normal": "regular", "bold": "bold"}


class FontMissing(Exception):
    """The machine does not have a font."""


def own_name(family: str) -> str:
    """Return the name of our subset of a font in the PDF, other than that of the installed font."""
    return f"{family} Form"


@cache
def font_faces(characters: str) -> str:
    """Return CSS with each font embedded, cut down to `characters`. Raises FontMissing."""
    return "".join(
        f"@font-face{{font-family:'{own_name(family)}';font-weight:{weight};"
        f"src:url(data:font/otf;base64,{b64encode(_cut(family, style, characters)).decode()})}}"
        for family, *_others in (SERIF, SANS)
        for weight, style in WEIGHTS.items()
    )


def characters_of(pages: Iterable[str]) -> str:
    return "".join(sorted(set("".join(pages))))


def _cut(family: str, style: str, characters: str) -> bytes:
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
    cutter = subset.Subsetter(subset.Options(desubroutinize=True, hinting=False, notdef_outline=True))
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
