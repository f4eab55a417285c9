"""Lists to take away: UTF-8 with BOM, so that Excel reads the Chinese, and nothing that Excel would run as a formula."""

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse

BOM = "\ufeff"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def defuse(value) -> str:
    """Return a value as text that no spreadsheet takes for a formula; a plain negative number stays one."""
    text = "" if value is None else str(value)
    if text.startswith(FORMULA_SIGNS) and not text.removeprefix("-").replace(".", "", 1).isdecimal():
        return f"'{text}"
    return text


def as_csv(file_name: str, headings: Iterable[str], rows: Iterable[Iterable]) -> HttpResponse:
    """Return a CSV file to be downloaded."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([defuse(value) for value in row] for row in rows)
    answer = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer
