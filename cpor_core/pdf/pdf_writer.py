"""A form as tagged PDF: blocks become HTML, WeasyPrint lays it out."""

import hashlib
from base64 import b64encode
from functools import singledispatch
from html import escape

from cpor_core.court_forms import styles
from cpor_core.court_forms.blocks import (
    Cell,
    Columns,
    Form,
    LetterBoxes,
    Paragraph,
    Row,
    Table,
    WritingSpace,
    runs,
)
from cpor_core.court_forms.parts import SERVICE
from cpor_core.court_forms.styles import TEXT_STYLES, TextStyle, gloss_style

from .fonts import own_name


def write(form: Form, font_faces: str) -> tuple[bytes, int]:
    """The PDF and its number of pages."""
    # Only here: comparing and reading forms must work on a machine without WeasyPrint's libraries.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    page, fonts = html(form), FontConfiguration()
    faces = CSS(string=font_faces, font_config=fonts)
    document = HTML(string=page).render(font_config=fonts, stylesheets=[faces])
    pdf = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=fingerprint(page))
    return pdf, len(document.pages)


def fingerprint(page: str) -> bytes:
    """The PDF's own identifier, so that a PDF can be compared with its source without building it."""
    return hashlib.sha256(page.encode()).hexdigest().encode()


def html(form: Form) -> str:
    body = "".join(_html(block, form.is_bilingual) for block in form.blocks)
    day = f"{form.version_date}T00:00:00+08:00"
    return (
        f'<!DOCTYPE html><html lang="zh-Hant"><head><meta charset="utf-8"><title>{escape(form.title_zh)}</title>'
        f'<meta name="author" content="{SERVICE}"><meta name="description" content="{escape(form.what_for_zh)}">'
        f'<meta name="dcterms.created" content="{day}"><meta name="dcterms.modified" content="{day}">'
        f"<style>{_css(form)}</style></head><body>{body}</body></html>"
    )


@singledispatch
def _html(block, is_bilingual: bool) -> str:
    raise TypeError(f"no HTML for {block!r}")


@_html.register
def _(block: Paragraph, is_bilingual: bool) -> str:
    level = TEXT_STYLES[block.style].level
    tag = f"h{level}" if level else "p"
    text = f'<{tag} class="{block.style}">{_inline(block.zh)}</{tag}>'
    if is_bilingual and block.en:
        text = text.replace(">", ' style="break-after:avoid">', 1)
        text += f'<p class="{gloss_style(block.style)}" lang="en">{_inline(block.en)}</p>'
    return text


@_html.register
def _(block: Columns, is_bilingual: bool) -> str:
    text = f'<p class="{block.style}">{_columns(block, [item.zh for item in block.items])}</p>'
    if is_bilingual and any(item.en for item in block.items):
        indent = f"padding-left:{block.gloss_indent_mm}mm"
        text += f'<p class="gloss" lang="en" style="{indent}">{_columns(block, [item.en for item in block.items])}</p>'
    return text


@_html.register
def _(block: WritingSpace, is_bilingual: bool) -> str:
    return f'<div class="ruled" style="height:{block.lines * styles.WRITING_LINE_MM}mm"></div>'


@_html.register
def _(block: LetterBoxes, is_bilingual: bool) -> str:
    return '<div class="letters"></div>' * block.rows


@_html.register
def _(block: Table, is_bilingual: bool) -> str:
    columns = "".join(f'<col style="width:{width}mm">' for width in block.widths_mm)
    top = "".join(_row(row, is_bilingual) for row in block.rows[: block.heading_rows])
    rest = "".join(_row(row, is_bilingual) for row in block.rows[block.heading_rows :])
    head = f"<thead>{top}</thead>" if top else ""
    return f"<table><colgroup>{columns}</colgroup>{head}<tbody>{rest}</tbody></table>"


def _row(row: Row, is_bilingual: bool) -> str:
    return "<tr>" + "".join(_cell(cell, row.height_mm, is_bilingual) for cell in row.cells) + "</tr>"


def _cell(cell: Cell, height_mm: float, is_bilingual: bool) -> str:
    content = "".join(_html(block, is_bilingual) for block in cell.blocks)
    merged = f' colspan="{cell.columns}" rowspan="{cell.rows}"'
    size = f' style="height:{height_mm}mm"'
    if cell.kind == "value":
        kind = ' class="written"' if cell.is_written_in else ""
        return f"<td{kind}{merged}{size}>{content}</td>"
    scope = "row" if cell.kind == "label" else "col"
    return f'<th scope="{scope}"{merged}{size}>{content}</th>'


def _columns(block: Columns, texts: list[str]) -> str:
    """Items side by side; the last one takes what is left of the line."""
    ends = block.at_mm[1 : len(texts)]
    widths = [f"width:{end - start}mm" for start, end in zip(block.at_mm, ends, strict=False)] + [""]
    return "".join(
        f'<span class="column" style="{width}">{_inline(text)}</span>'
        for width, text in zip(widths, texts, strict=True)
    )


def _inline(text: str) -> str:
    tags = {"plain": "{}", "bold": "<b>{}</b>", "blank": "<u>{}</u>"}
    return "".join(tags[run.kind].format(escape(run.text)) for run in runs(text)).replace("\n", "<br>")


def _css(form: Form) -> str:
    margins = (styles.MARGIN_TOP_MM, styles.MARGIN_RIGHT_MM, styles.MARGIN_BOTTOM_MM, styles.MARGIN_LEFT_MM)
    footer = _declarations(TEXT_STYLES["footer"])
    top, side = styles.CELL_PADDING_MM
    rules = [
        f"@page{{size:A4;margin:{' '.join(f'{margin}mm' for margin in margins)};"
        f"@bottom-left{{content:'{footer_text(form)}';{footer}}}"
        f"@bottom-right{{content:'第 ' counter(page) ' 頁，共 ' counter(pages) ' 頁';{footer}}}}}",
        "*{margin:0;padding:0}",
        "body{font-size:11pt;color:#000}",
        f"table{{width:{styles.TEXT_WIDTH_MM}mm;table-layout:fixed;border-collapse:collapse;margin-bottom:2.5mm}}",
        f"th,td{{border:{styles.BORDER};padding:{top}mm {side}mm;vertical-align:middle;font-weight:normal;"
        "text-align:left;box-sizing:border-box}",
        f"th{{background:{styles.LABEL_SHADE}}}",
        ".written{vertical-align:top}",
        "tr{break-inside:avoid}",
        "u{white-space:pre;text-underline-offset:1.5pt}",
        ".column{display:inline-block;vertical-align:top}",
        f".ruled{{background:url({_rule()}) 0 0 repeat-y}}",
        f".letters{{height:{styles.LETTER_BOX_MM[1]}mm;background:url({_letter_boxes()}) 0 50% no-repeat}}",
    ]
    rules += [f".{name}{{{_declarations(style)}}}" for name, style in TEXT_STYLES.items()]
    return "".join(rules)


def footer_text(form: Form) -> str:
    year, month, day = (int(part) for part in form.version_date.split("-"))
    return f"{form.title_zh}　民國 {year - 1911} 年 {month} 月 {day} 日版"


def _declarations(style: TextStyle) -> str:
    fonts = f"'{own_name(style.fonts[0])}'"
    return (
        f"font:{'bold' if style.is_bold else 'normal'} {style.size_pt}pt/{style.line_mm}mm {fonts};"
        f"text-align:{style.align};letter-spacing:{style.spacing_pt}pt;text-indent:{style.first_line_mm}mm;"
        f"margin:{style.before_mm}mm 0 {style.after_mm}mm {style.left_mm}mm;"
        f"break-after:{'avoid' if style.keep_with_next else 'auto'};"
        f"break-before:{'page' if style.starts_page else 'auto'};"
    )


def _rule() -> str:
    """A hair line at the foot of each line of writing. Drawn as a background, it is no content to read out."""
    height = styles.WRITING_LINE_MM
    return _svg(styles.TEXT_WIDTH_MM, height, f"M0 {height - 0.1}H{styles.TEXT_WIDTH_MM}")


def _letter_boxes() -> str:
    count, (width, height) = styles.LETTER_BOXES_IN_A_ROW, styles.LETTER_BOX_MM
    uprights = "".join(f"M{0.1 + width * place} 0.8V{height - 0.8}" for place in range(count + 1))
    edges = "".join(f"M0.1 {y}H{0.1 + width * count}" for y in (0.8, height - 0.8))
    return _svg(width * count + 0.2, height, uprights + edges)


def _svg(width: float, height: float, path: str) -> str:
    image = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}"><path d="{path}" fill="none" stroke="#777" stroke-width=".15"/></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(image.encode()).decode()}"
