"""The rules of a form's HTML: those of its texts and tables, and one for each size that it uses."""

import re
from base64 import b64encode
from collections.abc import Callable

from cpor_core.court_forms import styles
from cpor_core.court_forms.styles import TEXT_STYLES, TextStyle

_SIZES = {"w": "width:{0}mm", "h": "height:{0}mm", "i": "padding-left:{0}mm", "p": "width:{0}mm;height:{0}mm"}
_SIZE_CLASS = re.compile(r"\b([whip])-(\d+(?:_\d+)?)(?=[\" ])")
_MM_A_POINT = 25.4 / 72
BODY_PT = 11

PAGE_MARGINS = " ".join(
    f"{margin}mm"
    for margin in (
        styles.MARGIN_TOP_MM,
        styles.MARGIN_RIGHT_MM,
        styles.MARGIN_BOTTOM_MM,
        styles.MARGIN_LEFT_MM,
    )
)


def for_paper(html: str, families: Callable[[TextStyle], str], filled: str) -> str:
    """Return the rules of a PDF: `families` says in which fonts a style is set, `filled` in which the facts are."""
    texts = [f".{name}{{{text(style, families(style))}}}" for name, style in TEXT_STYLES.items()]
    facts = f".filled{{font-family:{filled}}}"
    return "".join(["*{margin:0;padding:0}", *_frame(), *texts, facts, *sizes(html)])


def for_screen(html: str) -> str:
    """Return the stylesheet of a page that shows forms in `.court-sheet`: sizes grow with the reader's text, A4 in print."""
    texts = [
        f".{name}{{{text(style, _installed(style), in_em=True)}}}" for name, style in TEXT_STYLES.items()
    ]
    rules = ["*{margin:0;padding:0}", ".filled{font-weight:500}", *_frame(), *texts, *sizes(html)]
    scoped = "\n".join(f".court-sheet {rule}" for rule in rules)
    sheet = (
        f".court-sheet{{width:{styles.TEXT_WIDTH_MM}mm;font-size:1rem;color:#000;background:#fff}}\n"
        f"@media print{{.court-sheet{{font-size:{BODY_PT}pt}}@page{{size:A4;margin:{PAGE_MARGINS}}}}}"
    )
    return f"/* Made from the definitions of the court forms by tools.build_forms. */\n{sheet}\n{scoped}\n"


def sizes(html: str) -> list[str]:
    """Return the rule of each size that this HTML uses."""
    used = sorted(set(_SIZE_CLASS.findall(html)))
    return [f".{kind}-{size}{{{_SIZES[kind].format(size.replace('_', '.'))}}}" for kind, size in used]


def _frame() -> list[str]:
    top, side = styles.CELL_PADDING_MM
    edge = f"border:{styles.BORDER};padding:{top}mm {side}mm;vertical-align:middle;font-weight:normal"
    return [
        f"table{{width:{styles.TEXT_WIDTH_MM}mm;table-layout:fixed;border-collapse:collapse;margin-bottom:2.5mm}}",
        f"td{{{edge};text-align:left;box-sizing:border-box}}",
        f"th{{{edge};text-align:left;box-sizing:border-box;background:{styles.LABEL_SHADE}}}",
        ".written{vertical-align:top}",
        ".kept{break-after:avoid!important}",
        "tr{break-inside:avoid}",
        ".together{break-inside:avoid}",
        "img{display:block;margin:auto}",
        "u{white-space:pre;text-underline-offset:1.5pt}",
        ".column{display:inline-block;vertical-align:top}",
        f".ruled{{background:url({_rule()}) 0 0 repeat-y}}",
        f".letters{{height:{styles.LETTER_BOX_MM[1]}mm;background:url({_letter_boxes()}) 0 50% no-repeat}}",
    ]


def text(style: TextStyle, families: str, *, in_em: bool = False) -> str:
    """Return the declarations of a text style; `in_em` its size is a multiple of the text around it."""
    size, line = f"{style.size_pt}pt", f"{style.line_mm}mm"
    if in_em:
        size = f"{style.size_pt / BODY_PT:.3f}em"
        line = f"{style.line_mm / (style.size_pt * _MM_A_POINT):.3f}"
    return (
        f"font:{'bold' if style.is_bold else 'normal'} {size}/{line} {families};"
        f"text-align:{style.align};letter-spacing:{style.spacing_pt}pt;text-indent:{style.first_line_mm}mm;"
        f"margin:{style.before_mm}mm 0 {style.after_mm}mm {style.left_mm}mm;"
        f"break-after:{'avoid' if style.keep_with_next else 'auto'};"
        f"break-before:{'page' if style.starts_page else 'auto'};"
    )


def _installed(style: TextStyle) -> str:
    generic = "serif" if style.fonts is styles.SERIF else "sans-serif"
    return ",".join([*(f"'{font}'" for font in style.fonts), generic])


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
