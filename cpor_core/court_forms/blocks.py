"""What a court form is made of: paragraphs, lines with columns, writing space and tables.

Every writer (ODT, HTML and through it PDF) knows exactly these kinds, so a form is described once. What a blank leaves
open for people is a slot of the description (`slots`), which `filling` fills for one application.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from . import slots


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
    for_hand: bool = False  # how to write by hand: left out where it is typed


@dataclass(frozen=True)
class Columns:
    """One line whose items start at fixed places, given in millimetres from its left edge."""

    items: tuple[Text, ...]
    at_mm: tuple[float, ...]
    style: str = "line"
    gloss_indent_mm: float = 0


@dataclass(frozen=True)
class WritingSpace:
    """Space to write: ruled in the PDF, which is written on by hand; open in the ODT, which is typed in."""

    lines: int


@dataclass(frozen=True)
class LetterBoxes:
    """Space for an e-mail address: one box per letter in the PDF, one open line in the ODT; typed, it is one line."""

    rows: int = 1
    slot: str = ""


@dataclass(frozen=True)
class Picture:
    """A drawing (SVG) of so many millimetres square, and its words; an ODT shows the words."""

    svg: str
    words: str
    size_mm: float


Block: TypeAlias = "Paragraph | Columns | WritingSpace | LetterBoxes | Picture | Table"


@dataclass(frozen=True)
class Cell:
    """A table cell. `label` names what stands beside it, `heading` what stands below it."""

    blocks: tuple[Block, ...]
    kind: Literal["value", "label", "heading"] = "value"
    columns: int = 1
    rows: int = 1

    @property
    def is_written_in(self) -> bool:
        """Whether it holds open space, which begins at its top."""
        return any(isinstance(block, WritingSpace) for block in self.blocks)


@dataclass(frozen=True)
class Row:
    """Cells from left to right, and how high the row is at least.

    One `for_hand` is left out where the form is typed, unless a fact is in it.
    """

    cells: tuple[Cell, ...]
    height_mm: float = 9
    for_hand: bool = False


@dataclass(frozen=True)
class Table:
    """Rows below each other; the first `heading_rows` are repeated on each page. `name` is what the ODT calls it."""

    name: str
    widths_mm: tuple[float, ...]
    rows: tuple[Row, ...]
    heading_rows: int = 0
    is_kept_together: bool = False  # on one page


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
    facts: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)

    @cached_property
    def printed(self) -> tuple[Block, ...]:
        """The blocks as they are printed: with the facts in their slots, and blanks where none is known."""
        return tuple(_printed(block, self.facts) for block in self.blocks)


def _printed(block: Block, facts: Mapping[str, str]) -> Block:
    """Return a block with its slots filled."""
    match block:
        case Paragraph():
            return replace(block, zh=slots.fill(block.zh, facts))
        case Columns():
            items = tuple(item._replace(zh=slots.fill(item.zh, facts)) for item in block.items)
            return replace(block, items=items)
        case LetterBoxes() if facts.get(block.slot):
            return Paragraph(slots.fill(f"{{{block.slot}:}}", facts), style="typed")
        case Table():
            rows = [(row.for_hand, _row(row, facts)) for row in block.rows]
            kept = (row for for_hand, row in rows if not (facts and for_hand) or _is_typed(row))
            return replace(block, rows=tuple(kept))
    return block


def _row(row: Row, facts: Mapping[str, str]) -> Row:
    return replace(row, cells=tuple(_cell(cell, facts) for cell in row.cells))


def _cell(cell: Cell, facts: Mapping[str, str]) -> Cell:
    kept = (block for block in cell.blocks if not (facts and isinstance(block, Paragraph) and block.for_hand))
    return replace(cell, blocks=tuple(_printed(block, facts) for block in kept))


def _is_typed(row: Row) -> bool:
    """Whether a fact stands in a row that has its slots filled."""
    texts = (block.zh for cell in row.cells for block in cell.blocks if isinstance(block, Paragraph))
    return any(run.kind == "filled" for text in texts for run in slots.runs(text))
