"""Export files as a court's system sends them."""

import io
import zipfile

import openpyxl

from cpor_cases.intake.columns import HEADINGS

HEADER = ",".join(HEADINGS.values())


def in_order(row: dict[str, str]) -> dict[str, str]:
    """Return a row with every column that an export may have, each in its place; what the row does not say is empty."""
    return {key: row.get(key, "") for key in HEADINGS}


ROW = in_order(
    {
        "court": "TPD",
        "category": "民事",
        "year": "115",
        "word": "訴",
        "number": "123",
        "division": "孝",
        "cause": "返還借款",
        "entry_id": "E1",
        "recorded_at": "115/09/24",
        "kind": "判決",
        "detail": "原告之訴駁回",
    }
)


def workbook_of(rows_xml: str) -> bytes:
    """Return a workbook of one sheet with these rows, as raw XML."""
    empty, made = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(empty)
    with zipfile.ZipFile(empty) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b"<sheetData></sheetData>" in content
                content = content.replace(b"</sheetData>", f"{rows_xml}</sheetData>".encode())
            target.writestr(name, content)
    return made.getvalue()


def text_row(number: int, *cells: str, column: str = "") -> str:
    """Return the XML of a row of text cells, with one more cell in `column`."""
    inner = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    far = f'<c r="{column}{number}" t="inlineStr"><is><t>x</t></is></c>' if column else ""
    return f'<row r="{number}">{inner}{far}</row>'


def widest_workbook(rows: int) -> bytes:
    """Return a workbook with its headings and one cell in each row, in the last column that Excel has."""
    wide = "".join(text_row(number, column="XFD") for number in range(2, rows + 2))
    return workbook_of(text_row(1, *HEADER.split(",")) + wide)
