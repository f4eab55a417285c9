"""The list of open case words for download. Other programs read it, so the columns stay the same in every format."""

import datetime as dt
import json

import tablib

from cpor_core.formulas import defuse
from cpor_core.models import CaseWord
from cpor_core.translated.fields import text_in

COLUMNS = [
    "category",
    "category_name",
    "court_tier",
    "court_tier_name",
    "word",
    "procedure_zh",
    "procedure_en",
    "meaning_zh",
    "meaning_en",
    "open_from",
    "open_until",
    "effective_date",
]
# Those of the columns, which stay the same whatever languages the site has.
LANGUAGES = ["zh-hant", "en"]
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}


def word_list(words, *, day: dt.date) -> tablib.Dataset:
    """Return `words` as a table that stood so on `day`."""
    table = tablib.Dataset(headers=COLUMNS, title="open case words")
    for word in words:
        table.append([defuse(each) for each in _row(word, day)])
    return table


def as_file(table: tablib.Dataset, kind: str) -> bytes:
    """Return the table as a file. CSV begins with a byte order mark: without it Excel garbles Chinese."""
    if kind == "json":
        return json.dumps(table.dict, ensure_ascii=False, indent=1).encode()
    if kind == "csv":
        return b"\xef\xbb\xbf" + table.export("csv").encode()
    return table.export(kind)


def _row(word: CaseWord, day: dt.date) -> list[str]:
    return [
        word.category,
        word.get_category_display(),
        word.court_tier,
        word.bench,
        word.word,
        *(text_in(word, name, code) for name in ("procedure", "meaning") for code in LANGUAGES),
        word.open_from.isoformat() if word.open_from else "",
        word.open_until.isoformat() if word.open_until else "",
        day.isoformat(),
    ]
