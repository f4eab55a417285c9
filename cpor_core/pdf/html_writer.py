"""A form as HTML without inline styles: the body of its PDF, and what a page of the site shows and prints.

Sizes are classes (`w-26` is 26 mm wide), whose rules `form_css` makes.
"""

from base64 import b64encode
from functools import singledispatch
from html import escape
from typing import NamedTuple

from cpor_core.court_forms import styles
from cpor_core.court_forms.blocks import (
    Cell,
    Columns,
    Form,
    LetterBoxes,
    Paragraph,
    Picture,
    Row,
    Table,
    WritingSpace,
)
from cpor_core.court_forms.slots import runs
from cpor_core.court_forms.styles import TEXT_STYLES, gloss_style


class _Way(NamedTuple):
    """How a form is written: with the English below or not, and at which level its headings begin."""

    is_bilingual: bool
    top_level: int


def body(form: Form, *, top_level: int = 1) -> str:
    """Return the form as HTML, its facts escaped; its title is a heading of `top_level`."""
    way = _Way(form.is_bilingual, top_level)
    return "".join(_html(block, way) for block in form.printed)


def size_class(kind: str, length: float) -> str:
    """Return the class of a length in millimetres: w(idth), h(eight), i(ndent), or p(icture) on both sides."""
    return f"{kind}-{length:g}".replace(".", "_")


@singledispatch
def _html(block, way: _Way) -> str:
    raise TypeError(f"no HTML for {block!r}")


@_html.register
def _(block: Paragraph, way: _Way) -> str:
    level = TEXT_STYLES[block.style].level
    tag = f"h{level + way.top_level - 1}" if level else "p"
    has_gloss = way.is_bilingual and block.en
    kept = " kept" if has_gloss else ""
    text = f'<{tag} class="{block.style}{kept}">{_inline(block.zh)}</{tag}>'
    if has_gloss:
        text += f'<p class="{gloss_style(block.style)}" lang="en">{_inline(block.en)}</p>'
    return text


@_html.register
def _(block: Columns, way: _Way) -> str:
    text = f'<p class="{block.style}">{_columns(block, [item.zh for item in block.items])}</p>'
    if way.is_bilingual and any(item.en for item in block.items):
        indent = size_class("i", block.gloss_indent_mm)
        english = _columns(block, [item.en for item in block.items])
        text += f'<p class="gloss {indent}" lang="en">{english}</p>'
    return text


@_html.register
def _(block: WritingSpace, way: _Way) -> str:
    return f'<div class="ruled {size_class("h", block.lines * styles.WRITING_LINE_MM)}"></div>'


@_html.register
def _(block: LetterBoxes, way: _Way) -> str:
    return '<div class="letters"></div>' * block.rows


@_html.register
def _(block: Picture, way: _Way) -> str:
    source = f"data:image/svg+xml;base64,{b64encode(block.svg.encode()).decode()}"
    return f'<img class="{size_class("p", block.size_mm)}" src="{source}" alt="{escape(block.words)}">'


@_html.register
def _(block: Table, way: _Way) -> str:
    columns = "".join(f'<col class="{size_class("w", width)}">' for width in block.widths_mm)
    top = "".join(_row(row, way) for row in block.rows[: block.heading_rows])
    rest = "".join(_row(row, way) for row in block.rows[block.heading_rows :])
    head = f"<thead>{top}</thead>" if top else ""
    kept = ' class="together"' if block.is_kept_together else ""
    return f"<table{kept}><colgroup>{columns}</colgroup>{head}<tbody>{rest}</tbody></table>"


def _row(row: Row, way: _Way) -> str:
    return "<tr>" + "".join(_cell(cell, row.height_mm, way) for cell in row.cells) + "</tr>"


def _cell(cell: Cell, height_mm: float, way: _Way) -> str:
    content = "".join(_html(block, way) for block in cell.blocks)
    merges = (("colspan", cell.columns), ("rowspan", cell.rows))
    merged = "".join(f' {name}="{count}"' for name, count in merges if count > 1)
    size = size_class("h", height_mm)
    if cell.kind == "value":
        written = "written " if cell.is_written_in else ""
        return f'<td class="{written}{size}"{merged}>{content}</td>'
    scope = "row" if cell.kind == "label" else "col"
    return f'<th scope="{scope}" class="{size}"{merged}>{content}</th>'


def _columns(block: Columns, texts: list[str]) -> str:
    """Items side by side; the last one takes what is left of the line."""
    ends = block.at_mm[1 : len(texts)]
    widths = [end - start for start, end in zip(block.at_mm, ends, strict=False)]
    sizes = [f" {size_class('w', width)}" for width in widths] + [""]
    return "".join(
        f'<span class="column{size}">{_inline(text)}</span>' for size, text in zip(sizes, texts, strict=True)
    )


_TAGS = {
    "plain": "{}",
    "bold": "<b>{}</b>",
    "blank": "<u>{}</u>",
    "filled": '<span class="filled">{}</span>',
}


def _inline(text: str) -> str:
    return "".join(_TAGS[run.kind].format(escape(run.text)) for run in runs(text)).replace("\n", "<br>")
