"""A form as ODT: blocks become real paragraphs, tables and styles that people can edit."""

import io
import zipfile
from functools import singledispatchmethod

from odf import dc, meta
from odf.element import Element
from odf.opendocument import OpenDocumentText
from odf.style import (
    DefaultStyle,
    FontFace,
    Footer,
    FooterStyle,
    HeaderFooterProperties,
    MasterPage,
    PageLayout,
    PageLayoutProperties,
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
from odf.table import CoveredTableCell, TableCell, TableColumn, TableHeaderRows, TableRow
from odf.table import Table as OdfTable
from odf.text import H, LineBreak, P, PageCount, PageNumber, Span, Tab

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
from cpor_core.court_forms.styles import SANS, SERIF, TEXT_STYLES, TextStyle, gloss_style

from .pdf_writer import footer_text

CHINESE = {"languageasian": "zh", "countryasian": "TW", "language": "zh", "country": "TW"}
ENGLISH = {"languageasian": "zh", "countryasian": "TW", "language": "en", "country": "US"}
# A zip cannot hold an earlier date: the same form always gives the same file.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(form: Form) -> bytes:
    return _OdtForm(form).to_bytes()


def parts(odt: bytes) -> dict[str, bytes]:
    """The files inside an ODT, to compare two of them whatever compressed them."""
    with zipfile.ZipFile(io.BytesIO(odt)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class _OdtForm:
    """One document in the making; it remembers which automatic styles it has already defined."""

    def __init__(self, form: Form):
        self.form = form
        self.document = OpenDocumentText()
        self.automatic: dict[str, Element] = {}
        self._describe()
        self._define_fonts()
        self._define_text_styles()
        self._define_page()
        for block in form.blocks:
            self._add(block, self.document.text)

    def to_bytes(self) -> bytes:
        """The document, packed again with one fixed date for its parts."""
        packed, repacked = io.BytesIO(), io.BytesIO()
        self.document.save(packed)
        with zipfile.ZipFile(repacked, "w") as target:
            for name, content in parts(packed.getvalue()).items():
                info = zipfile.ZipInfo(name, ZIP_EPOCH)
                # The format wants this one first and plain, so that a program can recognise the file.
                info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                target.writestr(info, content)
        return repacked.getvalue()

    # What the document is

    def _describe(self) -> None:
        day = f"{self.form.version_date}T00:00:00"
        for element, text in (
            (dc.Title, self.form.title_zh),
            (dc.Description, self.form.what_for_zh),
            (dc.Language, "zh-TW"),
            (meta.InitialCreator, SERVICE),
            (dc.Creator, SERVICE),
            (meta.CreationDate, day),
            (dc.Date, day),
        ):
            self.document.meta.addElement(element(text=text))

    def _define_fonts(self) -> None:
        for fonts in (SERIF, SANS):
            families = ", ".join(f"'{font}'" for font in fonts)
            self.document.fontfacedecls.addElement(FontFace(name=fonts[0], fontfamily=families))

    def _define_text_styles(self) -> None:
        default = DefaultStyle(family="paragraph")
        default.addElement(
            ParagraphProperties(writingmode="lr-tb", punctuationwrap="simple", orphans=2, widows=2)
        )
        default.addElement(TextProperties(**_font(SERIF, 11), **CHINESE))
        self.document.styles.addElement(default)
        for name, look in TEXT_STYLES.items():
            self.document.styles.addElement(_paragraph_style(name, look))
        self.document.styles.addElement(_writing_style())
        for name, properties in (
            ("bold", {"fontweight": "bold", "fontweightasian": "bold"}),
            (
                "blank",
                {
                    "textunderlinestyle": "solid",
                    "textunderlinewidth": "auto",
                    "textunderlinecolor": "font-color",
                },
            ),
        ):
            style = Style(name=name, family="text")
            style.addElement(TextProperties(**properties))
            self.document.styles.addElement(style)

    def _define_page(self) -> None:
        layout = PageLayout(name="A4")
        layout.addElement(
            PageLayoutProperties(
                pagewidth=_mm(styles.PAGE_WIDTH_MM),
                pageheight=_mm(styles.PAGE_HEIGHT_MM),
                printorientation="portrait",
                margintop=_mm(styles.MARGIN_TOP_MM),
                marginright=_mm(styles.MARGIN_RIGHT_MM),
                # The footer lies inside the bottom margin of the PDF, but above the one of an ODT.
                marginbottom=_mm(styles.MARGIN_BOTTOM_MM - 10),
                marginleft=_mm(styles.MARGIN_LEFT_MM),
            )
        )
        footer_style = FooterStyle()
        footer_style.addElement(HeaderFooterProperties(minheight=_mm(10), margintop=_mm(4)))
        layout.addElement(footer_style)
        self.document.automaticstyles.addElement(layout)
        master = MasterPage(name="Standard", pagelayoutname=layout)
        footer = Footer()
        footer.addElement(self._footer())
        master.addElement(footer)
        self.document.masterstyles.addElement(master)

    def _footer(self) -> Element:
        line = P(stylename="footer", text=footer_text(self.form))
        line.addElement(Tab())
        line.addText("第 ")
        line.addElement(PageNumber(selectpage="current", text="1"))
        line.addText(" 頁，共 ")
        line.addElement(PageCount(text="1"))
        line.addText(" 頁")
        return line

    # What stands in it

    @singledispatchmethod
    def _add(self, block, parent) -> None:
        raise TypeError(f"no ODT for {block!r}")

    @_add.register
    def _(self, block: Paragraph, parent) -> None:
        if not (self.form.is_bilingual and block.en):
            self._add_line([block.zh], parent, block.style)
        else:
            self._add_line([block.zh], parent, self._kept_with_next(block.style))
            self._add_line([block.en], parent, gloss_style(block.style))

    @_add.register
    def _(self, block: Columns, parent) -> None:
        self._add_line([item.zh for item in block.items], parent, self._tabbed(block.style, block.at_mm))
        if self.form.is_bilingual and any(item.en for item in block.items):
            style = self._tabbed("gloss", block.at_mm, block.gloss_indent_mm)
            self._add_line([item.en for item in block.items], parent, style)

    @_add.register
    def _(self, block: WritingSpace, parent) -> None:
        parent.addElement(P(stylename="writing"))

    @_add.register
    def _(self, block: LetterBoxes, parent) -> None:
        parent.addElement(P(stylename="writing"))

    @_add.register
    def _(self, block: Table, parent) -> None:
        table = OdfTable(name=block.name, stylename=self._table_style())
        for width in block.widths_mm:
            table.addElement(TableColumn(stylename=self._column_style(width)))
        covered: set[tuple[int, int]] = set()
        top = TableHeaderRows()
        for number, row in enumerate(block.rows):
            made = self._row(row, number, covered, len(block.widths_mm))
            (top if number < block.heading_rows else table).addElement(made)
            if number + 1 == block.heading_rows:
                table.addElement(top)
        parent.addElement(table)

    def _row(self, row: Row, number: int, covered: set[tuple[int, int]], columns: int) -> Element:
        """A row; places hidden under a wide or tall cell are noted in `covered` and filled as the format asks."""
        made = TableRow(stylename=self._row_style(row.height_mm))
        cells = iter(row.cells)
        for place in range(columns):
            if (number, place) in covered:
                made.addElement(CoveredTableCell())
                continue
            cell = next(cells)
            made.addElement(self._cell(cell))
            covered |= {
                (number + down, place + right) for down in range(cell.rows) for right in range(cell.columns)
            }
        return made

    def _cell(self, cell: Cell) -> Element:
        made = TableCell(
            stylename=self._cell_style(cell),
            valuetype="string",
            numbercolumnsspanned=cell.columns,
            numberrowsspanned=cell.rows,
        )
        for block in cell.blocks:
            self._add(block, made)
        return made

    def _add_line(self, texts: list[str], parent, style) -> None:
        """One paragraph (or heading); several texts stand at its tab stops."""
        level = TEXT_STYLES[style].level if isinstance(style, str) else 0
        line = H(outlinelevel=level, stylename=style) if level else P(stylename=style)
        for place, text in enumerate(texts):
            if place:
                line.addElement(Tab())
            _add_runs(line, text)
        parent.addElement(line)

    # Automatic styles, each made when first needed

    def _automatic(self, name: str, family: str, *properties, **attributes) -> Element:
        if name not in self.automatic:
            style = Style(name=name, family=family, **attributes)
            for group in properties:
                style.addElement(group)
            self.document.automaticstyles.addElement(style)
            self.automatic[name] = style
        return self.automatic[name]

    def _kept_with_next(self, parent: str) -> Element | str:
        """A paragraph style that does not part from the English below; headings never do."""
        if TEXT_STYLES[parent].keep_with_next:
            return parent
        keep = ParagraphProperties(keepwithnext="always")
        return self._automatic(f"{parent}_kept", "paragraph", keep, parentstylename=parent)

    def _tabbed(self, parent: str, at_mm: tuple[float, ...], left_mm: float = 0) -> Element:
        name = "_".join([parent, *(f"{place:g}".replace(".", "-") for place in (*at_mm, left_mm))])
        stops = TabStops()
        for place in at_mm[1:]:
            stops.addElement(TabStop(position=_mm(place)))
        properties = ParagraphProperties(marginleft=_mm(left_mm))
        properties.addElement(stops)
        return self._automatic(name, "paragraph", properties, parentstylename=parent)

    def _table_style(self) -> Element:
        return self._automatic(
            "form_table",
            "table",
            TableProperties(
                width=_mm(styles.TEXT_WIDTH_MM), align="left", marginbottom=_mm(2.5), bordermodel="collapsing"
            ),
        )

    def _column_style(self, width_mm: float) -> Element:
        return self._automatic(
            f"column_{width_mm}", "table-column", TableColumnProperties(columnwidth=_mm(width_mm))
        )

    def _row_style(self, height_mm: float) -> Element:
        # A row taller than a third of the page may break: people write more than we left room for.
        keep = "always" if height_mm < styles.PAGE_HEIGHT_MM / 3 else "auto"
        return self._automatic(
            f"row_{height_mm:g}".replace(".", "-"),
            "table-row",
            TableRowProperties(minrowheight=_mm(height_mm), keeptogether=keep),
        )

    def _cell_style(self, cell: Cell) -> Element:
        place = "top" if cell.is_written_in else "middle"
        top, side = (_mm(padding) for padding in styles.CELL_PADDING_MM)
        shade = {} if cell.kind == "value" else {"backgroundcolor": styles.LABEL_SHADE}
        return self._automatic(
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


def _add_runs(line: Element, text: str) -> None:
    for run in runs(text):
        target = line
        if run.kind != "plain":
            target = Span(stylename=run.kind)
            line.addElement(target)
        for number, piece in enumerate(run.text.split("\n")):
            if number:
                target.addElement(LineBreak())
            target.addText(piece)


def _paragraph_style(name: str, look: TextStyle) -> Element:
    style = Style(name=name, family="paragraph")
    if look.level:
        style.setAttribute("defaultoutlinelevel", look.level)
    language = ENGLISH if name.endswith("gloss") else CHINESE
    weight = "bold" if look.is_bold else "normal"
    properties = ParagraphProperties(
        lineheight=_mm(look.line_mm),
        textalign={"left": "start", "right": "end"}.get(look.align, look.align),
        margintop=_mm(look.before_mm),
        marginbottom=_mm(look.after_mm),
        marginleft=_mm(look.left_mm),
        textindent=_mm(look.first_line_mm),
        keepwithnext="always" if look.keep_with_next else "auto",
        breakbefore="page" if look.starts_page else "auto",
    )
    if name == "footer":
        stops = TabStops()
        stops.addElement(TabStop(position=_mm(styles.TEXT_WIDTH_MM), type="right"))
        properties.addElement(stops)
    style.addElement(properties)
    style.addElement(
        TextProperties(
            **_font(look.fonts, look.size_pt),
            **language,
            fontweight=weight,
            fontweightasian=weight,
            letterspacing=f"{look.spacing_pt}pt",
        )
    )
    return style


def _writing_style() -> Element:
    """Where people type: its lines are no taller than what is typed."""
    style = Style(name="writing", family="paragraph")
    style.addElement(ParagraphProperties(lineheight=_mm(8)))
    style.addElement(TextProperties(**_font(SERIF, 12)))
    return style


def _font(fonts: tuple[str, ...], size_pt: float) -> dict[str, str]:
    size = f"{size_pt}pt"
    return {"fontname": fonts[0], "fontnameasian": fonts[0], "fontsize": size, "fontsizeasian": size}


def _mm(length: float) -> str:
    return f"{length:g}mm"
