"""Files as real programs wrote them, each with the right answer."""

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone, translation

from cpor_cases.actions.imports import import_file
from cpor_cases.models import ImportRun, OutgoingMail, ProgressEntry
from tests import factories

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).with_name("examples")
KINDS = {"filing": "收案", "hearing_set": "定期", "oral_argument": "言詞辯論", "mediation": "調解"}


@pytest.fixture(autouse=True)
def _known(court):
    for word in ("訴", "簡"):
        factories.make_word(word)
    for code, name in KINDS.items():
        factories.make_kind(code, name_zh=name)


@pytest.fixture
def take(court):
    def take(name: str) -> ImportRun:
        with translation.override("en"):
            return import_file(EXAMPLES / name, source=ImportRun.Source.COMMAND, court=court)

    return take


def reasons(run: ImportRun) -> list[str]:
    return list(run.rejected_rows.order_by("line").values_list("reason", flat=True))


def stored(*names: str) -> list:
    return list(ProgressEntry.objects.order_by("pk").values_list(*names, flat=len(names) == 1))


def taipei(*when: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime(*when))


@pytest.mark.parametrize("name", ["without.csv", "sep-comma.csv", "sep-semicolon.csv", "sep-tab-utf16.csv"])
def test_a_line_that_names_the_delimiter_is_no_header(take, name):
    run = take(f"sep-line/{name}")

    assert (run.rows_read, run.rows_created, run.rows_rejected) == (1, 1, 0)


@pytest.mark.parametrize("name", ["minimal-id31.xlsx", "builtin-ids.xlsx", "custom-roc.xlsx"])
def test_dates_in_the_formats_of_excel_in_taiwan_are_dates(take, name):
    run = take(f"xlsx-cjk-date/{name}")

    assert reasons(run) == []
    assert set(stored("recorded_at")) == {taipei(2026, 9, 24)}
    assert run.rows_created == {"minimal-id31.xlsx": 1, "builtin-ids.xlsx": 19}.get(name, run.rows_read)


def test_a_number_that_a_spreadsheet_shortened_names_no_entry(take):
    run = take("scientific-id/ids.csv")

    assert (run.rows_created, run.rows_rejected) == (0, 3)
    assert all("shortened by a spreadsheet (1.15" in reason for reason in reasons(run))


@pytest.mark.parametrize(
    ("name", "entry_id"), [("id-only.csv", "00123"), ("with-comma.csv", "A,1"), ("all.csv", "00123")]
)
def test_a_cell_written_as_a_formula_is_its_text(take, name, entry_id):
    run = take(f"equals-quoted/{name}")

    assert reasons(run) == []
    assert stored("entry_id") == [entry_id]
    if name == "all.csv":
        names = ("case__year", "case__number", "case__division", "recorded_at", "detail")
        assert stored(*names) == [(115, 960, "孝", taipei(2026, 11, 20), "第一次")]


def test_characters_that_a_workbook_escapes_are_themselves(take):
    take("x000D/minimal.xlsx")
    take("x000D/x000D.xlsx")

    assert stored("entry_id", "detail") == [
        ("CRLF-1", "兩造到庭\n改期續行"),
        ("CR1", "兩造到庭\n改期"),
        ("CR2", "法官諭知後退庭"),
        ("CR3", "文字 _x000D_ 本身"),
        ("CR4", ""),
    ]


def test_dates_that_cannot_be_right_are_rejected_row_by_row(take):
    assert (run := take("implausible-year/years.csv")).rows_rejected == run.rows_read == 10
    assert take("implausible-year/hearing-1115.csv").rows_rejected == 2
    run = take("implausible-year/overflow.csv")

    assert (run.rows_created, run.rows_rejected) == (1, 1)
    assert stored("entry_id") == ["OV2"]


def test_the_first_and_the_last_moment_that_a_program_knows_are_rejected(take):
    assert take("end-of-time/max-utc.json").rows_created == 1
    for name in ("max-utc-followed", "max-plain", "min-plain"):
        assert take(f"end-of-time/{name}.json").rows_created == 0

    assert stored("entry_id") == ["OK-1"]


def test_rejected_rows_that_come_back_corrected_are_what_they_were(take):
    assert take("rejected-round-trip/sent.csv").rows_rejected == 4
    take("rejected-round-trip/corrected.csv")

    assert stored("entry_id", "detail") == [
        ("-A-1", "=未到庭"),
        ("+A-2", "-兩造未到"),
        ("@A-3", "+886-2-2314-6871"),
        ("A-4", "一, 二"),
    ]


LINE_ENDS = [
    "\r\n",
    "\r",
    "\v",
    "\f",
    "\x85",
    "\u2028",
    "\u2029",
    " \n",
    "\u3000\r\n",
    "\xa0\n",
    "\n\n",
    "_x000D_\n",
]


@pytest.mark.parametrize("end", LINE_ENDS, ids=ascii)
def test_the_same_words_with_other_line_ends_are_no_correction(take, end, litigant, tmp_path, court):
    first = json.loads((EXAMPLES / "same-words/lf.json").read_text())
    factories.make_access(litigant, factories.make_case(court, number=123))
    take("same-words/lf.json")
    mails = OutgoingMail.objects.count()
    again = [{**row, "detail": row["detail"].replace("\n", end) + "  "} for row in first]
    (tmp_path / "again.json").write_text(json.dumps(again))

    run = take(tmp_path / "again.json")

    assert (run.rows_unchanged, run.rows_changed) == (1, 0)
    assert OutgoingMail.objects.count() == mails
    assert take("same-words/crlf.json").rows_unchanged == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("第12法庭，請準時", "第１２法庭,請準時"),
        ("（改期）", "(改期)"),
        ("原告 到庭", "原告\u3000到庭"),
        ("A  B", "A B"),
        ("舊資料\r\n有回行\v", "舊資料\n有回行"),
        ("葛小明到庭", "葛\U000e0100小明到庭"),
        ("葛\ufe00小明到庭", "葛小明到庭"),
        ("不服\u3164", "不服"),
    ],
)
def test_widths_are_no_correction_whatever_way_it_was_stored_before(court, take, before, after, tmp_path):
    entry = factories.make_entry(
        factories.make_case(court), "filing", detail=before, recorded_at=taipei(2026, 9, 24)
    )
    sent = factories.row(entry.case, entry_id=entry.entry_id, kind="filing", detail=after)
    (tmp_path / "sent.json").write_text(json.dumps([sent]))

    assert take(tmp_path / "sent.json").rows_unchanged == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [("第12法庭", "第13法庭"), ("12 34", "1234"), ("not able", "notable"), ("改期", ""), ("原告", "被告")],
)
def test_other_words_are_a_correction(court, take, before, after, tmp_path):
    entry = factories.make_entry(
        factories.make_case(court), "filing", detail=before, recorded_at=taipei(2026, 9, 24)
    )
    sent = factories.row(entry.case, entry_id=entry.entry_id, kind="filing", detail=after)
    (tmp_path / "sent.json").write_text(json.dumps([sent]))

    assert take(tmp_path / "sent.json").rows_changed == 1


@pytest.fixture
def sent(court, take, tmp_path):
    """Take one row of a case of court as JSON, and as CSV, with these cells; return what is stored of it."""

    def sent(**cells) -> ProgressEntry:
        row = factories.row(factories.make_case(court, number=321), kind="filing") | cells
        path = tmp_path / "sent.json"
        path.write_text(json.dumps([row]))
        run = take(path)
        assert reasons(run) == []
        return ProgressEntry.objects.get()

    return sent


SHORTENED = [
    *(
        "1,15092E+11",
        "1.15092e11",
        "1.15E+11",
        "1E+11",
        "1.E+11",
        "1.15092 E+11",
        "1.15092E +11",
        "1.15092E-05",
    ),
    *(
        "１．１５０９２Ｅ＋１１",
        '="1.15092E+11"',
        "=“1.15092E+11”",
        "'1.15092E+11",
        "1.15092×10^11",
        "1.15092x10¹¹",
    ),
]


@pytest.mark.parametrize("text", SHORTENED)
def test_a_shortened_number_is_known_in_every_locale(court, take, text, tmp_path):
    row = factories.row(factories.make_case(court), kind="filing", entry_id=text)
    (tmp_path / "sent.json").write_text(json.dumps([row]))

    assert "shortened by a spreadsheet (" in reasons(take(tmp_path / "sent.json"))[0]


@pytest.mark.parametrize("text", ["1E11", "12E5", "E+11", "1.2.E3", "A1.5E+11", "1×10", "115,092"])
def test_other_numbers_with_an_e_are_what_they_are(sent, text):
    assert sent(entry_id=text).entry_id == text


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("=“00123”", "00123"),
        ("=”00123”", "00123"),
        ("00123_x000d_", "00123"),
        ("115092300000.00", "115092300000"),
    ],
)
def test_traces_of_spreadsheets_are_taken_off_an_id(sent, text, means):
    assert sent(entry_id=text).entry_id == means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("=“第一次”", "第一次"),
        ("兩造到庭_x000d_\n改期", "兩造到庭\n改期"),
        ("改期_x000D__x000D_", "改期"),
        *((nothing, "") for nothing in ("None", "nan", "NaN", "NaT", "<NULL>", "undefined")),
        ("None of them", "None of them"),
    ],
)
def test_traces_of_programs_are_taken_off_a_text(sent, text, means):
    assert sent(detail=text).detail == means


@pytest.mark.parametrize("error", ["#名稱?", "錯誤:508", "Err:508", "#SPILL!", "#BUSY!"])
def test_the_error_of_a_spreadsheet_is_no_text(court, take, error, tmp_path):
    row = factories.row(factories.make_case(court), kind="filing", detail=error)
    (tmp_path / "sent.json").write_text(json.dumps([row]))

    assert reasons(take(tmp_path / "sent.json")) == [f"detail: the spreadsheet shows the error {error}."]


def test_the_last_moment_of_all_in_a_workbook_rejects_its_row_alone(court, take, tmp_path):
    book = openpyxl.Workbook()
    rows = [factories.row(factories.make_case(court), kind="filing", entry_id=name) for name in ("MAX", "OK")]
    rows[0]["hearing_at"] = 2958465.99999999  # 9999-12-31T23:59:59.9999999, DateTimeOffset.MaxValue
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.active.cell(2, 1 + list(rows[0]).index("hearing_at")).number_format = "yyyy-mm-dd hh:mm"
    book.save(tmp_path / "sent.xlsx")

    run = take(tmp_path / "sent.xlsx")

    assert reasons(run) == ["hearing_at: “9999-12-31” cannot be right. Write 2026-09-24 or 115/09/24."]
    assert stored("entry_id") == ["OK"]


@pytest.mark.parametrize("number", ["1e400", "Infinity", "NaN"])
def test_a_number_that_no_program_can_hold_names_no_entry(court, take, number, tmp_path):
    row = factories.row(factories.make_case(court), kind="filing", entry_id="HERE")
    (tmp_path / "sent.json").write_text(json.dumps([row]).replace('"HERE"', number))

    assert "Nothing is given for: entry_id." in reasons(take(tmp_path / "sent.json"))


@pytest.mark.parametrize("name", ["臺灣臺北地方法院", "台灣台北地方法院", "臺灣台北地院", "ＴＰＤ", "tpd"])
def test_a_court_is_known_in_the_common_spellings_of_its_name(sent, name):
    assert sent(court=name).case.court.code == "TPD"
