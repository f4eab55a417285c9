"""The style of the forms, once for both writers: A4 page, text styles, table lines."""

from dataclasses import dataclass
from typing import Literal

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
# Wider on the left, where the court binds the file.
MARGIN_TOP_MM, MARGIN_RIGHT_MM, MARGIN_BOTTOM_MM, MARGIN_LEFT_MM = 16, 20, 18, 25
TEXT_WIDTH_MM = PAGE_WIDTH_MM - MARGIN_LEFT_MM - MARGIN_RIGHT_MM

SERIF = ("Noto Serif CJK TC", "標楷體", "PMingLiU")
SANS = ("Noto Sans CJK TC", "Microsoft JhengHei", "PingFang TC")

BORDER = "0.5pt solid #000000"
LABEL_SHADE = "#f1f1f1"
CELL_PADDING_MM = (0.8, 1.8)
WRITING_LINE_MM = 9
LETTER_BOX_MM = (5.4, 8)
LETTER_BOXES_IN_A_ROW = 24


@dataclass(frozen=True)
class TextStyle:
    """How a paragraph is set: sizes in points, all distances in millimetres."""

    size_pt: float
    line_mm: float
    fonts: tuple[str, ...] = SERIF
    is_bold: bool = False
    align: Literal["left", "center", "right", "justify"] = "left"
    before_mm: float = 0
    after_mm: float = 0
    left_mm: float = 0
    first_line_mm: float = 0
    spacing_pt: float = 0
    level: int = 0  # of a heading; 0 is none
    keep_with_next: bool = False
    starts_page: bool = False


TEXT_STYLES = {
    "title": TextStyle(
        22, 10, is_bold=True, align="center", after_mm=3, spacing_pt=5, level=1, keep_with_next=True
    ),
    "title_gloss": TextStyle(10, 5, SANS, align="center", after_mm=2, keep_with_next=True),
    "section": TextStyle(12, 6, is_bold=True, before_mm=3.5, after_mm=1, level=2, keep_with_next=True),
    "section_gloss": TextStyle(8.5, 4, SANS, after_mm=1, keep_with_next=True),
    "next_page": TextStyle(
        14, 8, is_bold=True, align="center", after_mm=1, level=2, keep_with_next=True, starts_page=True
    ),
    "next_page_gloss": TextStyle(9, 4.5, SANS, align="center", keep_with_next=True),
    "consent": TextStyle(10.5, 5.6, align="justify", left_mm=5.5, first_line_mm=-5.5, before_mm=3),
    "consent_gloss": TextStyle(8, 3.6, SANS, left_mm=5.5),
    "body": TextStyle(12, 7, align="justify"),
    "line": TextStyle(11, 6.8),
    "detail": TextStyle(11, 7.8),
    "label": TextStyle(11, 5.6, align="center"),
    "value": TextStyle(11, 5.6),
    "hint": TextStyle(9, 4.6, SANS),
    "typed": TextStyle(12, 8, SANS),
    "item": TextStyle(11, 6.2, align="justify", left_mm=7.8, first_line_mm=-7.8, after_mm=1),
    "gloss": TextStyle(8, 3.6, SANS),
    "label_gloss": TextStyle(8, 3.4, SANS, align="center"),
    "item_gloss": TextStyle(8.5, 4, SANS, left_mm=7.8, after_mm=1.4),
    "addressed": TextStyle(12, 7, before_mm=1.5, keep_with_next=True),
    "addressed_gloss": TextStyle(8, 3.6, SANS, left_mm=8.5, keep_with_next=True),
    "date": TextStyle(12, 8, align="center", before_mm=1.5, after_mm=0.5, keep_with_next=True),
    "date_gloss": TextStyle(8, 3.6, SANS, align="center", after_mm=2, keep_with_next=True),
    "signature": TextStyle(12, 10, left_mm=70, after_mm=1.5, keep_with_next=True),
    "signature_gloss": TextStyle(8, 3.6, SANS, left_mm=70, after_mm=4, keep_with_next=True),
    "footer": TextStyle(8.5, 4.5, SANS),
}


def gloss_style(style: str) -> str:
    """The style of the English under a Chinese paragraph of this style."""
    own = f"{style}_gloss"
    return own if own in TEXT_STYLES else "gloss"
