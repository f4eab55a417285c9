"""The markup of the forms' texts: how each part is set, and what is filled in for one application.

`**words**` are bold. A blank as long as its underscores is `____`. `{name:blank}` is a slot: the fact of that name, or, while
none is known, what stands behind the colon. `[name=value]` is a box, ticked if the fact of that name is this value.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

EMPTY_BOX, TICKED_BOX = "□", "■"

# Around what was filled in, so that nothing a person typed is read as markup. Neither has a meaning of its own in Unicode.
_BEGIN, _END = "\ue000", "\ue001"
_SLOT = re.compile(r"\{(\w+):([^{}]*)\}|\[(\w+)=([^\[\]]*)\]")
_MARKUP = re.compile(rf"{_BEGIN}(.*?){_END}|\*\*(.+?)\*\*|(_{{2,}})")
# What no form can show: control characters, ends of lines, and the two marks.
_UNPRINTABLE = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029{_BEGIN}{_END}]+")


class Run(NamedTuple):
    """A stretch of text in one style."""

    text: str
    kind: Literal["plain", "bold", "blank", "filled"]


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Return a text with the facts in its slots and its boxes ticked or not."""
    return _SLOT.sub(lambda found: _filled(found, facts), text)


def _filled(found: re.Match[str], facts: Mapping[str, str]) -> str:
    slot, blank, box, value = found.groups()
    if box:
        return TICKED_BOX if facts.get(box) == value else EMPTY_BOX
    fact = _UNPRINTABLE.sub(" ", facts.get(slot, "")).strip()
    return f"{_BEGIN}{fact}{_END}" if fact else blank


def boxes(text: str, slot: str) -> list[str]:
    """Return the values for which a text has a box of this slot."""
    return [value for _name, _blank, box, value in _SLOT.findall(text) if box == slot]


def runs(text: str) -> list[Run]:
    """Cut a text without slots into runs; a blank becomes ideographic spaces, to be underlined."""
    found, end = [], 0
    for match in _MARKUP.finditer(text):
        if match.start() > end:
            found.append(Run(text[end : match.start()], "plain"))
        filled, bold, blank = match.groups()
        if blank:
            found.append(Run("\u3000" * len(blank), "blank"))
        else:
            found.append(Run(bold, "bold") if bold else Run(filled, "filled"))
        end = match.end()
    if end < len(text):
        found.append(Run(text[end:], "plain"))
    return found
