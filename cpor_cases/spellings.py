"""One text in its many spellings, folded: persons' names for their comparison, and what is searched for and in.

Addresses have a normal form of their own (`email_addresses`), case numbers too (`case_numbers`).
"""

import re
import unicodedata

_INVISIBLE_CATEGORIES = {"Cc", "Cf"}
# The rest of Unicode's Default_Ignorable_Code_Point, variation selectors among them.
_ALSO_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff"
_INVISIBLE = re.compile(f"[{_ALSO_INVISIBLE}]")
# Keyboards, fonts and registers disagree about these within a name. A mark of the length of a sound (ー) and the figure
# 一 are letters; brackets and circles (王○明) are not left out either, because they tell names apart.
_DOTS = ".,·‧․•◦・･˙∙⋅⸰⸱⸳ᐧ᛫ꞏㆍᆞ。｡、､﹒﹐．，"
_QUOTES = "'\"`´ʹʺʻʼʽʾʿˈˊˋ΄՚׳״‘’‚‛“”„‟′″‵‶‹›«»❛❜❝❞〝〞〟ꞌꞋ「」『』＇＂｀"
_DASHES = "-‐‑‒–—―⁃⁻−─━⸺⸻〜〰゠֊־᠆˗➖﹘﹣－"
_NOT_IN_NAMES = re.compile(rf"[\s{re.escape(_DOTS + _QUOTES + _DASHES)}]")


def without_invisible(text: str) -> str:
    """Return `text` without what nobody sees: control characters, zero-width and direction marks, variation selectors."""
    seen = (c for c in text if unicodedata.category(c) not in _INVISIBLE_CATEGORIES)
    return _INVISIBLE.sub("", "".join(seen))


def fold_name(name: str) -> str:
    """Return a person's name as it is compared: width, case, blanks, dots, quotes, dashes and invisible marks do not
    count. Empty if nothing else is in it: that is no name."""
    return _folded(name, _NOT_IN_NAMES)


def _folded(text: str, left_out: re.Pattern) -> str:
    """Fold width and case, and leave out what `left_out` matches.

    Before the width, because ´ would become a blank and an accent, and after it, because ŉ holds a quote.
    """
    text = left_out.sub("", without_invisible(text))
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return left_out.sub("", text)
