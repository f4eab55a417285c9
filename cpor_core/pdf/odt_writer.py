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
    Picture,
    Row,
    Table,
    WritingSpace,
)
from cpor_core.court_forms.parts import SERVICE
from cpor_core.court_forms.slots import runs
from cpor_core.court_forms.styles import SANS, SERIF, TEXT_STYLES, gloss_style

from .odt_styles import CHINESE, AutomaticStyles, font, mm, paragraph_style, writing_style
from .pdf_writer import footer_text

# A zip cannot hold an earlier date: the same form always gives the same file.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(form: Form) -> bytes:
    return _OdtForm(form).to_bytes()


def parts(odt: bytes) -> dict[str, bytes]:
    """The files inside an ODT, to compare two of them whatever compressed them."""
    with zipfile.ZipFile(io.BytesIO(odt)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class _OdtForm:
    """One document in the making."""

    def __init__(self, form: Form):
        self.form = form
        self.document = OpenDocumentText()
        self.styles = AutomaticStyles(self.document)
        self._describe()
        self._define_fonts()
        self._define_text_styles()
        self._define_page()
        for block in form.printed:
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
        default.addElement(TextProperties(**font(SERIF, 11), **CHINESE))
        self.document.styles.addElement(default)
        for name, text_style in TEXT_STYLES.items():
            self.document.styles.addElement(paragraph_style(name, text_style))
        self.document.styles.addElement(writing_style())
        for name, properties in (
            ("filled", font(SANS, 11)),
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
                pagewidth=mm(styles.PAGE_WIDTH_MM),
                pageheight=mm(styles.PAGE_HEIGHT_MM),
                printorientation="portrait",
                margintop=mm(styles.MARGIN_TOP_MM),
                marginright=mm(styles.MARGIN_RIGHT_MM),
                # The footer lies inside the bottom margin of the PDF, but above the one of an ODT.
                marginbottom=mm(styles.MARGIN_BOTTOM_MM - 10),
                marginleft=mm(styles.MARGIN_LEFT_MM),
            )
        )
        footer_style = FooterStyle()
        footer_style.addElement(HeaderFooterProperties(minheight=mm(10), margintop=mm(4)))
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
            self._add_line([block.zh], parent, self.styles.kept_with_next(block.style))
            self._add_line([block.en], parent, gloss_style(block.style))

    @_add.register
    def _(self, block: Columns, parent) -> None:
        self._add_line(
            [item.zh for item in block.items], parent, self.styles.tabbed(block.style, block.at_mm)
        )
        if self.form.is_bilingual and any(item.en for item in block.items):
            style = self.styles.tabbed("gloss", block.at_mm, block.gloss_indent_mm)
            self._add_line([item.en for item in block.items], parent, style)

    @_add.register
    def _(self, block: WritingSpace, parent) -> None:
        parent.addElement(P(stylename="writing"))

    @_add.register
    def _(self, block: LetterBoxes, parent) -> None:
        parent.addElement(P(stylename="writing"))

    @_add.register
    def _(self, block: Picture, parent) -> None:
        self._add_line([block.words], parent, "hint")

    @_add.register
    def _(self, block: Table, parent) -> None:
        table = OdfTable(name=block.name, stylename=self.styles.table(block.is_kept_together))
        for width in block.widths_mm:
            table.addElement(TableColumn(stylename=self.styles.column(width)))
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
        made = TableRow(stylename=self.styles.row(row.height_mm))
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
            stylename=self.styles.cell(cell),
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
