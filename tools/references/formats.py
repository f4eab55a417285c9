"""docs/reference/formats.md: what comes in and goes out as a file, from the declarations of the columns."""

from collections.abc import Iterator

from django.utils import translation

from cpor_cases.intake import columns
from cpor_cases.office.audit.views import EXPORTED_AS, MOST_EXPORTED
from cpor_cases.office.reports import figures
from cpor_core.office.exports import WRITERS
from cpor_pages.case_words import downloads

from .tables import code, table

PATH = "reference/formats.md"
HEAD = """# Formats

Written by `make docs` from the declarations in the code. How a court's system sends its export, and what each column may hold:
`docs/court-systems.md`.

## What comes in: a court's export

CSV, NDJSON, a JSON list or XLSX, in UTF-8, UTF-16 or Big5, as it is, gzipped or alone in a ZIP; by the interface, by upload in the office, or by
`import_progress`. Each column is declared once, in `cpor_cases/intake/columns.py`; *corrects*: another value than the one on record is a correction,
of which people are told.

"""
OUT = f"""
## What goes out

Tables are {", ".join(each.upper() for each in WRITERS)}: CSV begins with the mark by which Excel knows UTF-8, ODS is the format that public bodies exchange, and no
cell is ever a formula. Whoever downloads personal data is on record with it.

"""
OF_WORDS = f"""
The public list of open case words, for other programs to read. Its columns stay the same in each of {", ".join(each.upper() for each in downloads.FORMATS)}:
{", ".join(map(code, downloads.COLUMNS))}. The file that editors take out of the office and put in again has a column for each field and language.

"""


def text() -> str:
    """Return the page."""
    with translation.override("en"):
        return "".join(
            [
                *(
                    HEAD,
                    table(["column", "heading", "required", "stored in", "longest", "corrects"], _columns()),
                ),
                *(OUT, table(["file", "formats", "columns"], _files())),
                OF_WORDS,
            ]
        )


def _columns() -> Iterator[tuple[str, ...]]:
    for column in columns.COLUMNS:
        field = column.stored_in
        where = code(f"{field.model.__name__}.{field.name}") if field is not None else ""
        corrects = "yes" if column in columns.ENTRY_VALUES else ""
        longest = str(column.max_length or "")
        yield code(column.key), column.heading, "yes" if column.is_required else "", where, longest, corrects


def _files() -> Iterator[tuple[str, str, str]]:
    tables = ", ".join(each.upper() for each in WRITERS)
    for report in [*figures.MONTHLY, figures.SIDE_BY_SIDE]:
        headings = ", ".join(str(each.heading) for each in report.figures)
        yield f"report: {report.title}", tables, headings
    audit = ", ".join(each.upper() for each in EXPORTED_AS)
    yield "audit", audit, f"When, Who, What, On, Remark, Court; {MOST_EXPORTED:,} entries at most"
    yield "Wagtail's own reports, and lists of editors", tables, "those of the list"
    yield (
        "rejected rows of an import",
        "CSV",
        "the headings of the export, with the line and the reason: to be corrected and sent again",
    )
    yield (
        "a person's own data",
        "ZIP of JSON",
        "account, cases, ended cases, mails, views; a README in the person's language",
    )
    yield "hearings of a person's cases", "iCalendar", "RFC 5545; one event a hearing"
