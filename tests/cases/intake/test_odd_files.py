"""Files as they come from forty courts: each is understood, or refused with a sentence that says where and why."""

import codecs
import csv
import datetime as dt
import gzip
import io
import json
import re
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.utils import timezone, translation

from cpor_cases.intake.cells import RowRejected
from cpor_cases.intake.checks import Checker
from cpor_cases.intake.columns import ENTRY_VALUES, HEADINGS
from cpor_cases.intake.reading.formats import UnreadableFile, read_rows
from cpor_cases.intake.reading.rows import MalformedRow, RepairedRow
from cpor_core.models import Court
from cpor_core.reading import archives, encodings
from tests import factories
from tests.support.export_files import ROW


def as_csv(*rows, headings=None, **dialect) -> str:
    text = io.StringIO()
    writer = csv.writer(text, **dialect)
    writer.writerow(headings or ROW)
    writer.writerows(row.values() for row in rows or (ROW,))
    return text.getvalue()


def as_xlsx(*lines, change=lambda sheet: None) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    change(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_zip(members: dict) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_sheet_rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return a workbook whose sheet has `new` in the one place of the pattern `old`."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part, places = re.subn(old, new, part)
                assert places == 1
            after.writestr(name, part)
    return file.getvalue()


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def read(tmp_path):
    def read(content: bytes | str) -> list:
        path = tmp_path / "export"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_rows(path))

    return read


UNDERSTOOD = {
    "utf-8 with its mark": codecs.BOM_UTF8 + as_csv().encode(),
    "big5": as_csv().encode("cp950"),
    "big5 and tabs": as_csv(delimiter="\t").encode("cp950"),
    "big5 in a zip": as_zip({"進度.csv": as_csv().encode("cp950")}),
    "no line end at the end": as_csv().rstrip("\r\n").encode(),
    "the mark with which MS-DOS ends a file": as_csv().encode("cp950") + b"\x1a",
    "a last line of wide spaces": as_csv().encode() + "\u3000,\u3000\r\n".encode(),
    "headings set wide and marked as required": as_csv(
        headings=[f"{HEADINGS[key][0]}\u3000{HEADINGS[key][1:]}*" for key in ROW]
    ).encode(),
    "headings in another order": as_csv(
        {key: ROW[key] for key in reversed(ROW)}, headings=[HEADINGS[key] for key in reversed(ROW)]
    ).encode(),
    "columns nobody asked for": as_csv(
        {"備註": "x", **ROW, "承辦人": "王"}, headings=["備註", *ROW, "承辦人"]
    ).encode(),
    "marks that nobody sees": as_csv()
    .replace("返還", "返\u200b還\x0b")
    .replace("TPD", "\ufeffT\u202ePD")
    .encode(),
    "cr alone": as_csv(lineterminator="\r").encode(),
    "crlf": as_csv(lineterminator="\r\n").encode(),
    "utf-16 with its mark": as_csv().encode("utf-16"),
    "utf-16 without": as_csv().encode("utf-16-le"),
    "utf-16 of the other end": as_csv().encode("utf-16-be"),
    "tabs in utf-16, as Excel's “Unicode text”": as_csv(delimiter="\t").encode("utf-16"),
    "semicolons and quotes": as_csv(delimiter=";", quoting=csv.QUOTE_ALL).encode(),
    "half Chinese, half English": as_csv(
        headings=[key if place % 2 else HEADINGS[key] for place, key in enumerate(ROW)]
    ).encode(),
    "full-width headings": as_csv(headings=["\u3000ＣＯＵＲＴ ", *list(ROW)[1:]]).encode(),
    "trailing empty columns": as_csv(headings=[*ROW, "", ""]).replace("駁回,,,", "駁回,,,,,").encode(),
    "trailing commas in the rows alone": as_csv().replace("駁回,,,", "駁回,,,,,").encode(),
    "nul": as_csv().replace("返還", "返\0還").encode(),
    "gzip": gzip.compress(as_csv().encode("cp950")),
    "zip": as_zip({"export.csv": as_csv()}),
    "zip from a Mac": as_zip({"export.csv": as_csv(), "__MACOSX/x.csv": b"\0"}),
    "blank lines before the headings": f"\r\n\r\n{as_csv()}".encode(),
    "blank lines before a json": b"\r\n \n" + json.dumps(ROW).encode(),
    "json list": json.dumps([ROW]).encode(),
    "json list, indented": codecs.BOM_UTF8 + json.dumps([ROW], indent=4, ensure_ascii=False).encode(),
    "json list of Chinese keys": json.dumps([{HEADINGS[key]: ROW[key] for key in ROW}]).encode("utf-16"),
    "ndjson in gzip": gzip.compress(json.dumps(ROW).encode()),
    "xlsx with text": as_xlsx(list(ROW), list(ROW.values())),
    "xlsx with numbers": as_xlsx(
        list(HEADINGS.values()), list((ROW | {"year": 115, "number": 123.0}).values())
    ),
    "xlsx whose size is wrong": with_sheet_rewritten(
        as_xlsx(list(ROW), list(ROW.values())),
        rb'<dimension ref="A1:[A-Z]+2" />',
        b'<dimension ref="A1" />',
    ),
}


@pytest.mark.parametrize("content", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_it_is_understood(read, content):
    [(_line, row)] = read(content)

    assert {key: row.get(key, "") for key in ROW} == ROW


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.datetime(2026, 9, 24), "2026-09-24"),
        (dt.date(2026, 9, 24), "2026-09-24"),
        (dt.datetime(2026, 9, 24, 9, 30), "2026-09-24 09:30"),
        (dt.datetime(2026, 9, 24, 9, 29, 59, 997_000), "2026-09-24 09:30"),
        ("115/09/24", "115/09/24"),
        (1150924, "1150924"),
        (1150924.0, "1150924"),
    ],
)
def test_a_date_in_a_sheet_may_be_a_date_a_text_or_a_number(read, value, text):
    [(_line, row)] = read(as_xlsx(list(ROW), list((ROW | {"recorded_at": value}).values())))

    assert row["recorded_at"] == text


def test_a_formula_counts_by_the_value_it_was_saved_with(read):
    plain = as_xlsx(list(ROW), list((ROW | {"number": 123}).values()))
    counted = with_sheet_rewritten(plain, b"<v>123</v>", rb"<f>100+23</f><v>123</v>")

    assert read(counted)[0][1]["number"] == "123"


def test_a_quoted_line_end_belongs_to_its_cell_and_the_row_to_its_first_line(read):
    text = as_csv(ROW | {"detail": "第一行\n第二行"}, ROW | {"entry_id": "E2"})

    assert [(line, row["entry_id"]) for line, row in read(text)] == [(2, "E1"), (4, "E2")]
    assert read(text)[0][1]["detail"] == "第一行\n第二行"


def as_workbook(*sheets: list, hidden: int | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, lines in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"工作表{number}", None)
        sheet.sheet_state = "hidden" if number == hidden else "visible"
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


TABLE = [list(ROW), list(ROW.values())]


@pytest.mark.parametrize(
    "content",
    [
        as_workbook(TABLE, [["", " "]], [[None]]),
        as_workbook([[" "]], TABLE),
        as_workbook(TABLE, TABLE, hidden=2),
        as_workbook(TABLE, TABLE, hidden=1),
    ],
    ids=["empty ones after it", "an empty one before it", "a hidden one after it", "a hidden one before it"],
)
def test_of_a_workbook_the_one_visible_sheet_that_is_not_empty_is_read(read, content):
    [(_line, row)] = read(content)

    assert row["entry_id"] == "E1"


REFUSED = {
    "a second sheet": (as_workbook(TABLE, TABLE), "工作表1.*工作表2"),
    "a second sheet after an empty one": (as_workbook(TABLE, [], [["note"]]), "工作表1.*工作表3"),
    "a second json list": (json.dumps([ROW]) * 2, "after the end of the JSON list"),
    "rows after a json list": (f"{json.dumps([ROW])}\n{json.dumps(ROW)}\n", "after the end"),
    "something far after a json list": (json.dumps([ROW]) + " " * (1 << 17) + "x", "after the end"),
    "two archives in one file": (as_zip({"a.csv": as_csv()}) * 2, "before or after"),
    "rows after an archive": (as_zip({"a.csv": as_csv()}) + as_csv().encode(), "before or after"),
    "rows after a gzip": (gzip.compress(as_csv().encode()) + as_csv().encode(), "damaged"),
    "a last line of ndjson cut": (f"{json.dumps(ROW)}\n{json.dumps(ROW)[:-5]}", "Line 2"),
    "a last line of csv cut": (as_csv(ROW, ROW)[:-8], "Line 3"),
    "empty": (b"", "empty"),
    "a mark and nothing else": (codecs.BOM_UTF8, "empty"),
    "white space": (b" \r\n\r\n", "empty"),
    "an empty gzip": (gzip.compress(b""), "empty"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
    "png": (b"\x89PNG\r\n\x1a\n", "PNG"),
    "a page of the web": (b"<!DOCTYPE html><html>", "HTML"),
    "old excel, or one with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
    "docx": (as_zip({"word/document.xml": "<w/>"}), "DOCX"),
    "ods": (as_zip({"content.xml": "<x/>"}), "OpenDocument"),
    "two files in a zip": (as_zip({"a.csv": as_csv(), "b.csv": as_csv()}), "2 files"),
    "a workbook in a zip": (
        as_zip({"a.xlsx": as_xlsx(list(ROW), list(ROW.values()))}),
        "Inside the packed file",
    ),
    "a workbook, gzipped": (gzip.compress(as_xlsx(list(ROW))), "Inside the packed file"),
    "a zip in a zip": (as_zip({"a.zip": as_zip({"a.csv": as_csv()})}), "Inside the packed file"),
    "gzipped twice": (gzip.compress(gzip.compress(as_csv().encode())), "Inside the packed file"),
    "nothing in a zip": (as_zip({}), "0 files"),
    "half a zip": (as_zip({"a.csv": as_csv()})[:-40], "damaged"),
    "half a gzip": (gzip.compress(as_csv().encode())[:-20], "damaged"),
    "half an xlsx": (as_xlsx(list(ROW), list(ROW.values()))[:-500], "damaged"),
    "an xlsx of nonsense": (as_zip({"xl/workbook.xml": "<no"}), "not a spreadsheet"),
    "headings missing": ("法院,類別\nTPD,民事\n", "年度"),
    "a heading twice": (as_csv(headings=[*list(ROW)[:-1], "法院"]), r"twice.*法院"),
    "utf-16 cut in two": (as_csv().encode("utf-16")[:-1], "middle of a character"),
    "neither utf-8 nor big5": (bytes(range(128, 256)) * 20, "neither UTF-8 nor Big5"),
    "a quote that never ends": (as_csv() + '"' + "x,\n" * 100_000, "Line 3"),
    "a list that never ends": (json.dumps([ROW])[:-1], "Row 2"),
    "a list broken in the middle": (f"[{json.dumps(ROW)}, {{'x'}}]", "Row 2"),
    "nested to the abyss": ("[" * 100_000, "Row 1"),
    "a formula nobody worked out": (
        as_xlsx(list(ROW), list((ROW | {"number": "=100+23"}).values())),
        "Cell E2",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_the_file_is_refused_with_a_sentence(read, content, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        read(content)


MALFORMED = {
    "more cells than headings": (
        as_csv(ROW | {"one more": "x"}, headings=ROW),
        2,
        f"Cell {len(ROW) + 1}",
    ),
    "bytes that are no utf-8": (
        as_csv(*[ROW] * 9).encode() + as_csv().encode("cp950").splitlines()[1],
        11,
        "類別",
    ),
    "half a big5 character": (
        as_csv(*[ROW] * 20).encode("cp950").replace("駁回".encode("cp950"), b"\xbb\xa7\xa6,", 1),
        2,
        "說明",
    ),
    "a line that is not json": (json.dumps(ROW) + '\n{"court": "TPD"\n', 2, "not JSON"),
    "a line that is a list": (json.dumps(ROW) + "\n[1]\n", 2, "object"),
    "a member that is a number": (json.dumps([ROW, 1]), 2, "object"),
    "a name twice": (json.dumps(ROW)[:-1] + ', "detail": "x"}', 1, "說明.*twice"),
    "a name in both languages": (json.dumps(ROW | {"說明": "x"}), 1, "說明.*twice"),
    "two objects in a line": (json.dumps(ROW) * 2 + "\n", 1, "not JSON"),
    "a value that is an object": (json.dumps(ROW | {"detail": {"x": 1}}), 1, "說明"),
    "a value that is a list": (json.dumps(ROW | {"detail": ["x"]}), 1, "說明"),
    "half a character in json": (json.dumps(ROW).replace('"E1"', '"E\\ud800"'), 1, "事項序號"),
    "an error of the sheet": (
        as_xlsx(list(ROW), list((ROW | {"detail": "#REF!"}).values())),
        2,
        "說明.*#REF!",
    ),
    "a user-defined character in a key": (as_csv(ROW | {"entry_id": "\ue000"}), 2, "事項序號"),
}


@pytest.mark.parametrize(("content", "line", "sentence"), MALFORMED.values(), ids=MALFORMED)
def test_one_row_is_malformed_and_says_where(read, content, line, sentence):
    rows = dict(read(content))

    assert isinstance(rows[line], MalformedRow)
    with pytest.raises(RowRejected, match=sentence):
        Checker().check(line, rows[line])
    assert not any(isinstance(row, MalformedRow) for other, row in rows.items() if other != line)
    json.dumps(rows[line], ensure_ascii=False).encode()  # can be stored


# First and last of each range Windows gives to characters of one's own, and where it lays them.
USER_DEFINED = [
    (b"\xfa\x40", "\ue000"),
    (b"\xfe\xfe", "\ue310"),
    (b"\x8e\x40", "\ue311"),
    (b"\xa0\xfe", "\ueeb7"),
    (b"\x81\x40", "\ueeb8"),
    (b"\x8d\xfe", "\uf6b0"),
]


@pytest.mark.parametrize("content", [raw for raw, _ in USER_DEFINED] + ["utf-8"])
def test_characters_a_court_made_for_itself_show_as_missing_and_are_told_of(read, content):
    text = as_csv(ROW | {"detail": "證人陳＊到庭"})
    if content == "utf-8":
        raw = text.replace("＊", "\ue123").encode()
    else:
        raw = text.encode("cp950").replace("＊".encode("cp950"), content)

    [(_line, row)] = read(raw)

    assert row["detail"] == "證人陳□到庭"
    assert isinstance(row, RepairedRow)


@pytest.mark.parametrize(("raw", "character"), USER_DEFINED)
def test_user_defined_characters_lie_where_windows_lays_them(raw, character):
    assert raw.decode("cp950", "keep-what-does-not-fit") == character


def test_a_block_may_end_within_a_character(read):
    rows = [ROW | {"entry_id": f"E{n}", "detail": "證人陳＊到庭" * (1 + n % 3)} for n in range(12_000)]
    raw = as_csv(*rows).encode("cp950").replace("＊".encode("cp950"), b"\xfa\x40")

    assert {row["detail"].replace("證人陳□到庭", "") for _line, row in read(raw)} == {""}


def test_a_list_of_many_rows_is_read_piece_by_piece(read):
    rows = [ROW | {"entry_id": f"E{n}"} for n in range(3000)]

    assert [row["entry_id"] for _line, row in read(json.dumps(rows))] == [row["entry_id"] for row in rows]


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        lambda content: as_zip({"export.csv": content}),
        lambda content: as_zip({"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": content}),
    ],
    ids=["gzip", "zip", "xlsx"],
)
def test_a_bomb_is_refused_before_it_goes_off(read, pack):
    bomb = pack(as_csv().encode() + (b" " * 1023 + b"\n") * (40 << 10))
    assert len(bomb) < 200_000

    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="too large"):
        read(bomb)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 20 << 20


def test_what_is_larger_than_allowed_is_refused_however_little_it_shrank(read, monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1000)

    with pytest.raises(UnreadableFile, match="too large"):
        read(gzip.compress(as_csv(*[ROW] * 50).encode()))


@pytest.mark.parametrize("start", [as_csv(), json.dumps(ROW) + "\n", ""], ids=["csv", "ndjson", "alone"])
def test_a_line_without_end_fills_no_memory(tmp_path, start):
    path = tmp_path / "export.csv"
    with path.open("wb") as file:
        file.write(start.encode())
        file.seek(2 << 30)  # a sparse file: two gigabytes of NUL
        file.write(b"x")

    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="longer than 1048576"):
        list(read_rows(path))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 32 << 20


@pytest.mark.parametrize("form", ["csv", "ndjson", "json", "gzip"])
def test_memory_does_not_grow_with_the_file(tmp_path, monkeypatch, form):
    monkeypatch.setattr(encodings, "BLOCK", 1 << 14)
    peaks = []
    for count in (2_000, 16_000):
        path = tmp_path / f"export-{count}"
        rows = (ROW | {"entry_id": f"E{n}"} for n in range(count))
        text = {
            "csv": lambda rows=rows: as_csv(*rows),
            "gzip": lambda rows=rows: as_csv(*rows),
            "ndjson": lambda rows=rows: "\n".join(json.dumps(row) for row in rows),
            "json": lambda rows=rows: json.dumps(list(rows)),
        }[form]()
        path.write_bytes(gzip.compress(text.encode()) if form == "gzip" else text.encode())
        tracemalloc.start()
        assert sum(1 for _ in read_rows(path)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] + (1 << 20)


def value_of(clean, key):
    """What a clean row holds in a column."""
    return clean.values[[column.key for column in ENTRY_VALUES].index(key)]


@pytest.mark.django_db
class TestChecked:
    """What the cells say, of a court on record."""

    @pytest.fixture
    def check(self, court):
        factories.make_word("訴")
        factories.make_kind("judgment")

        def check(**over):
            return Checker(sender=Court.objects.get(code="TPD")).check(2, factories.row(**over))

        return check

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("99/1/5", dt.date(2010, 1, 5)),
            ("990105", dt.date(2010, 1, 5)),
            ("０９９．０１．０５", dt.date(2010, 1, 5)),
            ("113/02/29", dt.date(2024, 2, 29)),
            ("2024-02-29", dt.date(2024, 2, 29)),
            ("1130229", dt.date(2024, 2, 29)),
            ("\u3000１１５／０９／２４\u3000", dt.date(2026, 9, 24)),
        ],
    )
    def test_a_day_is_understood(self, check, text, day):
        assert value_of(check(recorded_at=text, year=str(day.year - 1911)), "recorded_at").date() == day

    @pytest.mark.parametrize(
        "text",
        ["115/02/29", "2026-02-29", "1140229", "115/09/24 24:00", "46289", "09/24/2026", "115/9", "民國元年"],
    )
    def test_an_impossible_day_names_its_column(self, check, text):
        with pytest.raises(RowRejected, match="^日期: “"):
            check(recorded_at=text)
        with pytest.raises(RowRejected, match="^庭期: “"):
            check(hearing_at=text)

    @pytest.mark.parametrize(
        ("text", "time"),
        [
            ("115/09/24 14:30", "14:30"),
            ("１１５／０９／２４　１４：３０", "14:30"),
            ("115/09/24 1430", "14:30"),
            ("115/09/24 14:30:00", "14:30"),
            ("2026/9/24 下午 02:30:00", "14:30"),  # Excel in Taiwan
            ("2026/9/24 上午 12:05", "00:05"),
            ("2026/9/24 下午 12:05", "12:05"),
            ("115年9月24日下午2時30分", "14:30"),
            ("民國115年9月24日 上午9時", "09:00"),
            ("115年9月24日下午2時整", "14:00"),
            ("115年9月24日14時30分", "14:30"),
            ("115年9月24日下午14時30分", "14:30"),
        ],
    )
    def test_a_time_is_understood_as_courts_write_it(self, check, text, time):
        hearing = timezone.localtime(value_of(check(hearing_at=text), "hearing_at"))

        assert f"{hearing:%Y-%m-%d %H:%M}" == f"2026-09-24 {time}"

    @pytest.mark.parametrize(
        "text",
        ["115/09/24 下午 25:00", "115年9月24日24時", "115年9月24日9時60分", "下午2時30分", "115/09/24 上午"],
    )
    def test_an_impossible_time_names_its_column(self, check, text):
        with pytest.raises(RowRejected, match="^庭期: “"):
            check(hearing_at=text)

    def test_figures_and_spaces_of_full_width_are_folded(self, check):
        clean = check(year="１１５", number="\u3000０００１２３ ", word="訴\u3000", court="ＴＰＤ")

        series, number, *_texts = clean.case
        assert (series.year, number, series.word) == (115, 123, "訴")

    def test_numbers_of_one_width_are_one_entry_and_of_another_case_are_two(self, check):
        assert check(entry_id="ｅ１").entry_id == check(entry_id="e1").entry_id
        assert check(entry_id="E1").entry_id != check(entry_id="e1").entry_id

    def test_the_cells_below_a_merged_one_are_missing_by_name(self, check, read):
        lines = [list(ROW), list(ROW.values()), list(ROW.values())]
        rows = read(as_xlsx(*lines, change=lambda sheet: sheet.merge_cells("A2:A3")))

        with pytest.raises(RowRejected, match="法院"):
            Checker().check(*rows[1])
