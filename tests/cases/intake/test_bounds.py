"""What a file may take of a worker: each bound is passed with a sentence, within a second, and nothing is stored."""

import io
import json
import time
import zipfile
from itertools import repeat

import pytest
from django.utils import translation

from cpor_cases.intake.columns import HEADINGS
from cpor_cases.intake.reading import json_rows
from cpor_cases.intake.reading.formats import UnreadableFile, read_blocks, read_rows
from cpor_cases.intake.reading.rows import MalformedRow
from cpor_core.reading import bounds, spreadsheets, tables
from cpor_core.reading.texts import tidy
from tests.support.export_files import text_row, widest_workbook, workbook_of

HEADER = list(HEADINGS)


def part_of(name: str, size: int) -> bytes:
    book = io.BytesIO(widest_workbook(1))
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "<a>" + "<b/>" * (size // 4) + "</a>")
    return book.getvalue()


def many_members(count: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number:0100}", b"")
    return made.getvalue()


@pytest.fixture
def refusal(tmp_path):
    """Return the sentence a file is refused with, or none."""

    def read(content: bytes, name: str = "") -> str:
        path = tmp_path / "export"
        path.write_bytes(content)
        try:
            for _block in read_blocks(path, name):
                pass
        except UnreadableFile as error:
            return str(error)
        return ""

    with translation.override("en"):
        yield read


HEADS = ",".join(HEADER).encode() + b"\n"
TOO_MUCH = {
    "a cell in the last column of a sheet": (widest_workbook(20_000), "Line 2 has more than 100 columns"),
    "a line of CSV with thousands of columns": (HEADS + b"," * 5000 + b"\n", "Line 2 has more than 100 columns"),
    "a header with thousands of columns": (b"a," * 5000 + HEADS, "Line 1 has more than 100 columns"),
    "nothing but line ends": (HEADS + b"\n" * 20_000, "more than 10,000 lines"),
    "a sheet with gaps beyond its last line": (workbook_of(text_row(1, *HEADER) + text_row(9_999_999, "x")), "more than"),
    "styles without end": (part_of("xl/styles2.xml", 5 << 20), "too large"),
    "a ZIP of thousands of files": (many_members(10_000), "too large"),
    "a list of nothing but empty objects": (b"[" + b"{}," * 11_000 + b"{}]", "more than 10,000 lines"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_too_much_is_refused_with_a_sentence_within_seconds(refusal, content, said, monkeypatch):
    for module in (bounds, tables, json_rows):
        monkeypatch.setattr(module, "MOST_LINES", 10_000)
    began = time.thread_time()

    assert said in refusal(content)
    assert time.thread_time() - began < 5


def test_a_sheet_that_only_begins_formulas_is_searched_once(refusal):
    cells = '<c r="A1" ' * 200_000
    began = time.thread_time()

    refusal(workbook_of(f"<row {cells}></row>"))

    assert time.thread_time() - began < 5


@pytest.mark.parametrize("piece", [" ", "\t ", " _x000D_", "'", '="', "0-"])
@pytest.mark.parametrize("is_running_text", [True, False])
def test_a_cell_of_one_sign_without_end_is_brought_into_form_at_once(is_running_text, piece):
    began = time.process_time()
    tidy(f"x{piece * (100_000 // len(piece))}x\n", is_running_text=is_running_text)

    assert time.process_time() - began < 1


def test_reading_has_its_seconds_and_what_is_done_with_the_rows_does_not_count(monkeypatch):
    now = iter([0, 1, 100, 101, 200, 205])  # one second, then one, then five
    monkeypatch.setattr(bounds, "monotonic", lambda: next(now))
    monkeypatch.setattr(bounds, "MOST_SECONDS", 6.0)
    items = bounds.in_time(iter("abc"))

    with pytest.raises(UnreadableFile):
        assert list(items) == ["a", "b"]


def test_empty_lines_of_a_sheet_are_timed_as_well(refusal, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_SECONDS", 0.05)
    monkeypatch.setattr(spreadsheets, "bounded_lines", lambda _lines: slow_lines())

    assert "takes longer than" in refusal(widest_workbook(1))


def slow_lines():
    yield 1, HEADER
    for line in repeat((2, [])):
        time.sleep(0.01)
        yield line


def test_an_object_with_a_thousand_fields_is_rejected_alone(tmp_path):
    wide = json.dumps({f"f{n}": "" for n in range(1000)})
    (tmp_path / "export").write_text(f'{wide}\n{{"court": "TPD"}}\n')

    rows = [row for _line, row in read_rows(tmp_path / "export")]

    assert [isinstance(row, MalformedRow) for row in rows] == [True, False]


WORKBOOK = workbook_of(text_row(1, *HEADER))
FALSE_NAMES = {
    "a PDF called .csv": (b"%PDF-1.7 ...", "export.csv", "PDF"),
    "a workbook called .csv": (WORKBOOK, "export.csv", "is named .csv but is not text"),
    "CSV called .xlsx": (HEADS, "export.XLSX", "is named .xlsx but is not a workbook"),
    "a ZIP of CSV called .xlsx": (many_members(1), "export.xlsx", "is named .xlsx but is not a workbook"),
    "a web page called .xlsx": (b"<html>", "export.xlsx", "HTML"),
}


@pytest.mark.parametrize(("content", "name", "said"), FALSE_NAMES.values(), ids=FALSE_NAMES)
def test_what_is_not_what_its_name_says_is_refused(refusal, content, name, said):
    assert said in refusal(content, name)


@pytest.mark.parametrize("name", ["", "export", "export.csv", "export.txt", "export.dat"])
def test_text_is_taken_under_any_name_that_does_not_say_otherwise(refusal, name):
    assert refusal(HEADS, name) == ""


@pytest.mark.parametrize(
    "extra", ["__MACOSX/._export.csv", ".DS_Store", "folder/.DS_Store", "Thumbs.db", "._export.csv"]
)
def test_a_zip_with_what_a_system_adds_by_itself_is_read(refusal, extra):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(extra, b"\0")
        archive.writestr("export.csv", HEADS)

    assert refusal(made.getvalue(), "export.zip") == ""
