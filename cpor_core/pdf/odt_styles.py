"""The styles of a form as ODT: those with a name that people see, and those that the file makes for itself."""

from odf.element import Element
from odf.opendocument import OpenDocumentText
from odf.style import (
    ParagraphProperties,
    Style,
    TableCellProperties,
    TableColumnProperties,
    TableProperties,
    TableRowProperties,
    TabStop,
    TabStops,
    TextProperties,
)

from cpor_core.court_forms import styles
from cpor_core.court_forms.blocks import Cell
from cpor_core.court_forms.styles import SERIF, TEXT_STYLES, TextStyle

CHINESE = {"languageasian": "zh", "countryasian": "TW", "language": "zh", "country": "TW"}
ENGLISH = {"languageasian": "zh", "countryasian": "TW", "language": "en", "country": "US"}


class AutomaticStyles:
    """The automatic styles of one document, each made when it is first needed."""

    def __init__(self, document: OpenDocumentText):
        self.document = document
        self.made: dict[str, Element] = {}

    def _style(self, name: str, family: str, *properties, **attributes) -> Element:
        if name not in self.made:
            style = Style(name=name, family=family, **attributes)
            for group in properties:
                style.addElement(group)
            self.document.automaticstyles.addElement(style)
            self.made[name] = style
        return self.made[name]

    def kept_with_next(self, parent: str) -> Element | str:
        """A paragraph style that does not part from the English below; headings never do."""
        if TEXT_STYLES[parent].keep_with_next:
            return parent
        keep = ParagraphProperties(keepwithnext="always")
        return self._style(f"{parent}_kept", "paragraph", keep, parentstylename=parent)

    def tabbed(self, parent: str, at_mm: tuple[float, ...], left_mm: float = 0) -> Element:
        name = "_".join([parent, *(f"{place:g}".replace(".", "-") for place in (*at_mm, left_mm))])
        stops = TabStops()
        for place in at_mm[1:]:
            stops.addElement(TabStop(position=mm(place)))
        properties = ParagraphProperties(marginleft=mm(left_mm))
        properties.addElement(stops)
        return self._style(name, "paragraph", properties, parentstylename=parent)

    def table(self, is_kept_together: bool) -> Element:
        return self._style(
            "kept_form_table" if is_kept_together else "form_table",
            "table",
            TableProperties(
                width=mm(styles.TEXT_WIDTH_MM),
                align="left",
                marginbottom=mm(2.5),
                bordermodel="collapsing",
                maybreakbetweenrows=not is_kept_together,
            ),
        )

    def column(self, width_mm: float) -> Element:
        return self._style(
            f"column_{width_mm}", "table-column", TableColumnProperties(columnwidth=mm(width_mm))
        )

    def row(self, height_mm: float) -> Element:
        # A row taller than a third of the page may break: people write more than we left space for.
        keep = "always" if height_mm < styles.PAGE_HEIGHT_MM / 3 else "auto"
        return self._style(
            f"row_{height_mm:g}".replace(".", "-"),
            "table-row",
            TableRowProperties(minrowheight=mm(height_mm), keeptogether=keep),
        )

    def cell(self, cell: Cell) -> Element:
        place = "top" if cell.is_written_in else "middle"
        top, side = (mm(padding) for padding in styles.CELL_PADDING_MM)
        shade = {} if cell.kind == "value" else {"backgroundcolor": styles.LABEL_SHADE}
        return self._style(
            f"cell_{cell.kind}_{place}",
            "table-cell",
            TableCellProperties(
                border=styles.BORDER,
                paddingtop=top,
                paddingbottom=top,
                paddingleft=side,
                paddingright=side,
                verticalalign=place,
                **shade,
            ),
        )


def paragraph_style(name: str, text_style: TextStyle) -> Element:
    style = Style(name=name, family="paragraph")
    if text_style.level:
        style.setAttribute("defaultoutlinelevel", text_style.level)
    language = ENGLISH if name.endswith("gloss") else CHINESE
    weight = "bold" if text_style.is_bold else "normal"
    properties = ParagraphProperties(
        lineheight=mm(text_style.line_mm),
        textalign={"left": "start", "right": "end"}.get(text_style.align, text_style.align),
        margintop=mm(text_style.before_mm),
        marginbottom=mm(text_style.after_mm),
        marginleft=mm(text_style.left_mm),
        textindent=mm(text_style.first_line_mm),
        keepwithnext="always" if text_style.keep_with_next else "auto",
        breakbefore="page" if text_style.starts_page else "auto",
    )
    if name == "footer":
        stops = TabStops()
        stops.addElement(TabStop(position=mm(styles.TEXT_WIDTH_MM), type="right"))
        properties.addElement(stops)
    style.addElement(properties)
    style.addElement(
        TextProperties(
            **font(text_style.fonts, text_style.size_pt),
            **language,
            fontweight=weight,
            fontweightasian=weight,
            letterspacing=f"{text_style.spacing_pt}pt",
        )
    )
    return style


def writing_style() -> Element:
    """Where people type: its lines are no taller than what is typed."""
    style = Style(name="writing", family="paragraph")
    style.addElement(ParagraphProperties(lineheight=mm(8)))
    style.addElement(TextProperties(**font(SERIF, 12)))
    return style


def font(fonts: tuple[str, ...], size_pt: float) -> dict[str, str]:
    size = f"{size_pt}pt"
    return {"fontname": fonts[0], "fontnameasian": fonts[0], "fontsize": size, "fontsizeasian": size}


def mm(length: float) -> str:
    return f"{length:g}mm"
