"""Lists as files: CSV with the encoding that Excel recognises, XLSX and ODS. No cell is evaluated as a formula."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable

import tablib
from django.http import HttpResponse
from django.utils import timezone

from cpor_core.downloads import name_file
from cpor_core.formulas import defuse

BOM = "\ufeff"
ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def as_csv(
    file_name: str, headings: Iterable[str], rows: Iterable[Iterable], *, title: str = ""
) -> HttpResponse:
    """Return a response that downloads the rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([defuse(value) for value in row] for row in rows)
    return _download(file_name, title, "csv", BOM + text.getvalue())


def as_xlsx(
    file_name: str, headings: Iterable[str], rows: Iterable[Iterable], *, title: str = ""
) -> HttpResponse:
    """Return a response that downloads the rows as XLSX: numbers as numbers, datetimes in the time zone of Taipei."""
    from openpyxl import Workbook  # 0.1 s that only an export needs

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([str(heading) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return _download(file_name, title, "xlsx", content.getvalue())


def as_ods(
    file_name: str, headings: Iterable[str], rows: Iterable[Iterable], *, title: str = ""
) -> HttpResponse:
    """Return a response that downloads the rows as ODS, the format that public bodies have to exchange."""
    table = tablib.Dataset(headers=[str(heading) for heading in headings])
    for row in rows:
        table.append([value if _is_number(value) else _printable(defuse(value)) for value in row])
    return _download(file_name, title, "ods", table.export("ods"))


WRITERS = {"csv": as_csv, "xlsx": as_xlsx, "ods": as_ods}


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _printable(text: str) -> str:
    return ILLEGAL_IN_XML.sub("", text)


def _cell(sheet, value):
    """Return a cell of the sheet. An aware datetime is written in Taipei's time: the format has no time zones."""
    if _is_number(value):
        return value
    if isinstance(value, dt.datetime):
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet, timezone.make_naive(value))
        cell.number_format = "yyyy-mm-dd hh:mm"
        return cell
    return _printable(defuse(value))


def _download(file_name: str, title: str, kind: str, content: str | bytes) -> HttpResponse:
    """Return the download, saved under its title in the reader's words, or, where that cannot be, as `file_name`."""
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    name_file(answer, f"{title}.{kind}" if title else file_name, fallback=file_name)
    return answer
