"""A court's export in every format it comes in."""

import codecs
import csv
import datetime as dt
import io
import json

import openpyxl
import pytest

from cpor_cases.intake.columns import HEADINGS
from cpor_cases.intake.reading.formats import UnreadableFile, read_rows
from tests import factories
from tests.support.export_files import ROW


def as_csv(rows=(ROW,), *, headings=None, **dialect) -> str:
    text = io.StringIO()
    writer = csv.writer(text, **dialect)
    writer.writerow(headings or ROW)
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


@pytest.fixture
def read(tmp_path):
    def read(content: bytes | str):
        path = tmp_path / "export"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_rows(path))

    return read


@pytest.mark.parametrize(
    "content",
    [
        as_csv().encode(),
        codecs.BOM_UTF8 + as_csv().encode(),
        as_csv().encode("cp950"),
        as_csv(headings=HEADINGS.values()).encode(),
        as_csv(headings=HEADINGS.values()).encode("cp950"),
        as_csv(delimiter="\t").encode(),
        as_csv(delimiter=";").encode(),
        as_csv(lineterminator="\n").encode(),
        as_csv(quoting=csv.QUOTE_ALL).encode(),
        as_csv(headings=[f" {key.upper()} " for key in ROW]).encode(),
    ],
    ids=[
        "utf-8",
        "bom",
        "cp950",
        "chinese",
        "chinese cp950",
        "tabs",
        "semicolons",
        "lf",
        "quoted",
        "loud headings",
    ],
)
def test_csv_is_read_whatever_its_dress(read, content):
    assert read(content) == [(2, ROW)]


def test_ndjson_is_read_with_english_or_chinese_keys(read):
    english = json.dumps(ROW | {"year": 115, "withdrawn": False})
    chinese = json.dumps({HEADINGS[key]: value for key, value in ROW.items()}, ensure_ascii=False)

    rows = read(f"{english}\n\n{chinese}\n")

    assert rows == [(1, ROW | {"withdrawn": "FALSE"}), (3, ROW)]


def test_xlsx_is_read_with_dates_and_numbers_as_cells(read):
    book = openpyxl.Workbook()
    book.active.append(list(HEADINGS.values()))
    cells = ROW | {"year": 115, "number": 123.0, "recorded_at": dt.datetime(2026, 9, 24, 9, 30)}
    book.active.append([value or None for value in cells.values()])
    file = io.BytesIO()
    book.save(file)

    assert read(file.getvalue()) == [(2, ROW | {"recorded_at": "2026-09-24 09:30"})]


def test_columns_may_stand_in_any_order_and_unknown_ones_are_passed_over(read):
    keys = ["note", *reversed(ROW)]
    text = as_csv([{"note": "x", **{key: ROW[key] for key in reversed(ROW)}}], headings=keys)

    assert read(text) == [(2, ROW)]


def test_blank_lines_do_not_count_as_rows_but_as_lines(read):
    header, first = as_csv().splitlines()

    assert [line for line, _row in read("\n".join([header, "", first, ",,,", first]))] == [3, 5]


def test_a_nul_is_dropped_and_a_quoted_newline_kept(read):
    [(_line, row)] = read(as_csv([ROW | {"detail": "第一行\n第二\0行"}]))

    assert row["detail"] == "第一行\n第二行"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"PK\x03\x04 not a spreadsheet",
        b"\xff\xfe\xff\xff\xff",
        b"court,category\nTPD,civil\n",
    ],
    ids=["empty", "pdf", "zip", "no encoding", "headings missing"],
)
def test_a_file_that_is_no_export_is_refused_with_a_sentence(read, content):
    with pytest.raises(UnreadableFile, match=r"\w+"):
        read(content)


def test_the_factories_row_is_a_row_of_the_format():
    assert set(factories.row()) <= set(HEADINGS)
