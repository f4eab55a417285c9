"""What a court form is made of: paragraphs, lines with columns, writing space and tables.

Both writers (ODT and PDF) know exactly these kinds, so a form is described once.
"""

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias


class Run(NamedTuple):
    """A stretch of text that looks the same throughout."""

    text: str
    kind: Literal["plain", "bold", "blank"]


class Text(NamedTuple):
    """Words on the form, with the English that the bilingual edition adds."""

    zh: str
    en: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Text in one of `styles.TEXT_STYLES`, with the English below it in the bilingual edition."""

    zh: str
    en: str = ""
    style: str = "body"


@dataclass(frozen=True)
class Columns:
    """One line whose items start at fixed places, given in millimetres from its left edge."""

    items: tuple[Text, ...]
    at_mm: tuple[float, ...]
    style: str = "line"
    gloss_indent_mm: float = 0


@dataclass(frozen=True)
class WritingSpace:
    """Room to write: ruled in the PDF, which is written on by hand; open in the ODT, which is typed in."""

    lines: int


@dataclass(frozen=True)
class LetterBoxes:
    """Room for an e-mail address: one box per letter in the PDF, one open line in the ODT."""

    rows: int = 1


Block: TypeAlias = "Paragraph | Columns | WritingSpace | LetterBoxes | Table"


@dataclass(frozen=True)
class Cell:
    """A table cell. `label` names what stands beside it, `heading` what stands below it."""

    blocks: tuple[Block, ...]
    kind: Literal["value", "label", "heading"] = "value"
    columns: int = 1
    rows: int = 1

    @property
    def is_written_in(self) -> bool:
        """Whether it holds open room, which begins at its top."""
        return any(isinstance(block, WritingSpace) for block in self.blocks)


@dataclass(frozen=True)
class Row:
    """Cells from left to right, and how high the row is at least."""

    cells: tuple[Cell, ...]
    height_mm: float = 9


@dataclass(frozen=True)
class Table:
    """Rows below each other; the first `heading_rows` are repeated on each page. `name` is what the ODT calls it."""

    name: str
    widths_mm: tuple[float, ...]
    rows: tuple[Row, ...]
    heading_rows: int = 0


@dataclass(frozen=True)
class Form:
    """One form: what the site says about it, and its contents."""

    slug: str
    title_zh: str
    title_en: str
    category: Literal["civil", "family", "criminal", "administrative", "all"]
    purpose: Literal["complaint", "petition", "progress_application"]
    what_for_zh: str
    what_for_en: str
    who_zh: str
    who_en: str
    used_by: tuple[str, ...]  # groups of roles, by their slugs in role_groups.json
    version_date: str
    blocks: tuple[Block, ...] = field(repr=False)
    is_bilingual: bool = False


# The whole markup of our texts: **bold**, and __ for a blank as long as its underscores.
_MARKUP = re.compile(r"\*\*(.+?)\*\*|(_{2,})")


def runs(text: str) -> list[Run]:
    """Cut a marked-up text into runs; a blank becomes ideographic spaces, to be underlined."""
    found, end = [], 0
    for match in _MARKUP.finditer(text):
        if match.start() > end:
            found.append(Run(text[end : match.start()], "plain"))
        bold, blank = match.groups()
        found.append(Run(bold, "bold") if bold else Run("\u3000" * len(blank), "blank"))
        end = match.end()
    if end < len(text):
        found.append(Run(text[end:], "plain"))
    return found
