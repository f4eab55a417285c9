"""Folding of spellings: of persons' names to compare them, and of texts and queries for searches.

Addresses have a normal form of their own (`email_addresses`), case numbers too (`case_numbers`).
"""

import re
import unicodedata

_INVISIBLE_CATEGORIES = {"Cc", "Cf"}
# The rest of Unicode's Default_Ignorable_Code_Point, variation selectors among them.
_ALSO_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff"
_INVISIBLE = re.compile(f"[{_ALSO_INVISIBLE}]")
_DIRECTIONS = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001-\U000e007f]"
)
_CONTROLS = re.compile("[\x01-\x1f\x7f-\x9f\u2028\u2029]+")  # NUL is refused by the field itself
# Keyboards, fonts and registers disagree about these within a name. A mark of the length of a sound (ー) and the figure
# 一 are letters; brackets and circles (王○明) are not left out either, because they tell names apart.
_DOTS = ".,·‧․•◦・･˙∙∘⋅⦁⸰⸱⸳ᐧ᛫ꞏ𐄁ㆍᆞ。｡、､﹒﹐．，"
_QUOTES = "'\"`´˝ˮʹʺʻʼʽʾʿˈˊˋ΄՚׳״‘’‚‛“”„‟′″‵‶‹›«»❛❜❝❞〝〞〟ꞌꞋ「」『』＇＂｀"
_DASHES = "-‐‑‒–—―⁃⁻−─━⸺⸻〜〰゠֊־᠆˗➖﹘﹣－"
_GREEK = "\u1fbd\u1fbf\u1fef\u1ffd\u1ffe"  # breathings and accents by themselves, which look like quotes
_BRAILLE_BLANK = "\u2800"
_MARKS_OF_NAMES = frozenset(_DOTS + _QUOTES + _DASHES + _GREEK + _BRAILLE_BLANK)
# Dashes, quotes and blanks, whichever come to Unicode.
_CATEGORIES_OF_MARKS = {"Pd", "Pi", "Pf", "Zs", "Zl", "Zp"}

# Of what is searched in and for, all that is no letter or figure is left out as well; the marks of names are part of it.
# Circles stay (甲○○). PostgreSQL reads the same expression: `search_text`.
LEFT_OUT_OF_SEARCHES = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u02b9-\u02df\u02e5-\u02ff\u034f\u037e\u0384\u0385\u0387\u055a-\u055f\u0589\u058a\u05be\u05f3\u05f4\u061c"
    r"\u115f\u1160\u119e\u1427\u1680\u16eb-\u16ed\u17b4\u17b5\u1806\u180b-\u180f\u2000-\u206f\u207a-\u207e\u208a-\u208e"
    r"\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed-\u1fef\u1ffd\u1ffe\u2190-\u22ff\u2500-\u257f\u25cf\u25e6"
    r"\u275b-\u275e\u2796\u2800\u2981\u2e00-\u2e7f\u3000-\u3003\u3008-\u3011\u3013-\u301f"
    r"\u3030\u303d\u30a0\u30fb\u3164\u318d\ua78b\ua78c\ua78f\ufe00-\ufe1f\ufe30-\ufe6f\ufeff\uff01-\uff0f\uff1a-\uff20"
    r"\uff3b-\uff40\uff5b-\uff65\uffa0\ufff9-\ufffc\U00010101\U000e0000-\U000e0fff]"
)
_LEFT_OUT_OF_SEARCHES = re.compile(LEFT_OUT_OF_SEARCHES)
# One character in two common spellings: people type the first, the court's papers have the second, or the other way round.
VARIANTS = ("台証裏着佈佔污", "臺證裡著布占汙")
_VARIANTS = str.maketrans(*VARIANTS)
# As people call a court, and its name. No part of a short form is found less for it: it begins and ends as the long one.
COURTS_IN_SHORT = (("地院", "地方法院"), ("高院", "高等法院"))


def without_invisible(text: str) -> str:
    """Return `text` without invisible characters: control characters, zero-width and direction marks, variation selectors."""
    seen = (c for c in text if unicodedata.category(c) not in _INVISIBLE_CATEGORIES)
    return _INVISIBLE.sub("", "".join(seen))


def without_directions(text: str) -> str:
    """Return `text` in one line that reads as it was typed: without marks that turn the direction of what follows, ends of
    lines and other control characters. Marks that a character needs (joiners, variation selectors) stay."""
    return _DIRECTIONS.sub("", _CONTROLS.sub(" ", text))


def fold_name(name: str) -> str:
    """Return a person's name as it is compared: width, case, blanks, dots, quotes, dashes and invisible marks do not
    count. Empty if nothing else is in it: that is no name."""
    # Before the width, because ´ would become a blank and an accent, and after it, because ŉ holds a quote.
    name = _without_marks(without_invisible(name))
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return _without_marks(name)


def _without_marks(name: str) -> str:
    return "".join(
        c for c in name if c not in _MARKS_OF_NAMES and unicodedata.category(c) not in _CATEGORIES_OF_MARKS
    )


def fold_search(text: str) -> str:
    """Return text in the one spelling in which it is searched, and searched for: nothing but letters and figures.

    Width, case, punctuation, blanks and invisible marks do not count, 台 is 臺, and 台北地院 part of 臺灣臺北地方法院.
    A part of a text that is folded is a part of the whole folded. What the database folds: `search_text`.
    """
    text = _LEFT_OUT_OF_SEARCHES.sub("", text)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return spell_out(_LEFT_OUT_OF_SEARCHES.sub("", text))


def fold_words(text: str) -> str:
    """Return text in the same spelling with what separates its words: for an index that takes it apart."""
    text = unicodedata.normalize("NFKC", without_invisible(text))
    return spell_out(unicodedata.normalize("NFKC", text.casefold()))


def spell_out(text: str) -> str:
    """Return text with the common variants of a character as one, and the names of courts in full."""
    text = text.translate(_VARIANTS)
    for short, full in COURTS_IN_SHORT:
        text = text.replace(short, full)
    return text
