"""A CSV with one structural character wrong is taken with every other row intact, or refused: never is one person shown
another's case."""

import re
from dataclasses import dataclass
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpor_cases.intake.cells import RowRejected
from cpor_cases.intake.checks import Checker
from cpor_cases.intake.columns import HEADINGS
from cpor_cases.intake.reading.formats import IncompleteFile, UnreadableFile, read_rows
from cpor_cases.models import Case, ImportRun, ProgressEntry, RejectedRow
from tests import factories
from tests.support.export_files import HEADER, ROW

STRUCTURAL = '",;\t\r\n'


def line(number: int, detail: str = "兩造到庭", **over) -> str:
    row = {"cause": "離婚", "number": str(number), "entry_id": f"E{number}", "detail": detail}
    return ",".join((ROW | row | over).values())


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def _on_record(db):
    factories.make_word("訴")
    factories.make_kind("judgment", name_zh="判決", name_en="Judgment")
    factories.make_court()


@pytest.fixture
def write(tmp_path):
    def write(text: str, encoding: str = "utf-8"):
        path = tmp_path / "export.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def read(write):
    return lambda *lines, end="\n": list(read_rows(write(end.join([HEADER, *lines, ""]))))


@pytest.mark.usefixtures("_on_record")
@pytest.mark.parametrize("following", [0, 1, 2, 50, 1000])
def test_nothing_of_a_file_with_an_open_quotation_mark_is_stored(write, following):
    lines = [line(701), line(702, kind="?"), line(703, '"閱卷聲請'), *map(line, range(704, 704 + following))]
    path = write("\n".join([HEADER, *lines, ""]))

    with pytest.raises(CommandError, match="Line 4"):
        call_command("import_progress", path)

    assert not Case.objects.exists()
    assert not ProgressEntry.objects.exists()
    assert not RejectedRow.objects.exists()
    run = ImportRun.objects.get()
    assert (run.state, run.rows_read, run.rows_rejected) == (ImportRun.State.ABORTED, 0, 0)
    assert "Line 4" in run.failure


class TestRefused:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("following", [(), (2,), (2, 3)])
    def test_end_of_file_inside_quotes_names_the_line_where_the_mark_opened(self, read, end, following):
        with pytest.raises(IncompleteFile, match="Line 3"):
            read(
                line(1, f'"第一行{end}第二行"').replace(end, " "),
                line(9, '"閱卷'),
                *map(line, following),
                end=end,
            )

    def test_the_mark_may_be_the_files_last_character(self, write):
        with pytest.raises(IncompleteFile, match="Line 2"):
            list(read_rows(write(f'{HEADER}\n{line(1)}"')))

    def test_the_mark_may_open_after_a_cell_of_several_lines_in_the_same_row(self, read):
        with pytest.raises(IncompleteFile, match="Line 4"):
            read(line(1, cause='"離\n\n婚"', detail='"閱卷'), line(2))

    def test_a_mark_that_closes_some_rows_later(self, read):
        with pytest.raises(UnreadableFile, match=r"Line 2.*line 3"):
            read(line(1, '"閱卷聲請'), line(2), line(3, '到庭"'), line(4))

    def test_a_mark_that_the_next_cell_in_quotes_seems_to_close(self, read):
        with pytest.raises(UnreadableFile, match=r"Line 2.*line 3"):
            read(line(1, '"閱卷聲請'), line(2, '"兩造，\n到庭"'), line(3))

    def test_a_cell_longer_than_its_column(self, read):
        with pytest.raises(UnreadableFile, match=r"Line 2.*500"):
            read(line(1, '"' + "長\n" * 251 + '"'))

    def test_too_few_cells_in_a_last_line_without_end(self, write):
        with pytest.raises(IncompleteFile, match="Line 3"):
            list(read_rows(write(f"{HEADER}\n{line(1)}\n{line(2)[:-5]}")))


class TestTaken:
    @pytest.mark.parametrize(
        "detail",
        [
            "第一行\n第二行",
            "第一行\r\n第二行\r\n",
            "\n第一行",
            "甲,乙,丙,丁,戊,己,庚,辛,壬,癸,子\n甲,乙,丙,丁,戊,己,庚,辛,壬,癸,子,丑,寅,卯",
            "他說：\n「是」，\n\n115,訴,702",
            'a\n"b"\n""',
            "長\n" * 250,
        ],
    )
    def test_a_detail_of_several_lines(self, read, detail):
        rows = read(line(1, '"{}"'.format(detail.replace('"', '""'))), line(2))

        assert [row["detail"] for _line, row in rows] == [detail, "兩造到庭"]

    def test_marks_that_harm_no_other_row(self, read):
        rows = read(line(1, '"a"b'), line(2, 'a"b'), line(3, '5"'), line(4, '"a" '), line(5))

        assert [row["detail"] for _line, row in rows] == ["ab", 'a"b', '5"', "a ", "兩造到庭"]


DAMAGED_HEADINGS = {
    "a delimiter dropped": HEADER.replace("說明,庭期", "說明庭期"),
    "a delimiter changed": HEADER.replace("說明,庭期", "說明;庭期"),
    "a delimiter too many": HEADER.replace("說明", "說,明"),
    "an empty column": "," + HEADER,
    "a quotation mark": HEADER.replace("說明", '說明"'),
    "an apostrophe": HEADER.replace("說明", "說'明"),
    "a sign of another column's": HEADER.replace("說明", "說|明"),
    "a line end within a heading": HEADER.replace("說明", "說\n明"),
    "a line end within the last heading": HEADER.replace("撤銷", "撤\n銷"),
    "a line end between headings": HEADER.replace(",庭期", "\n庭期"),
    "a line end before a delimiter": HEADER.replace(",庭期", "\n,庭期"),
    "no line end": f"{HEADER}{line(1)}",
    "a delimiter for the line end": f"{HEADER},{line(1)}",
    "no line end after a column of the court's own": f"{HEADER},備註{line(1)}",
}


@pytest.mark.parametrize("header", DAMAGED_HEADINGS.values(), ids=DAMAGED_HEADINGS)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_first_line_that_is_damaged_refuses_the_file(write, header, rows):
    lines = [line(n, hearing_at="115/10/01 09:30", withdrawn="1") for n in range(2, 2 + rows)]

    with pytest.raises(UnreadableFile, match=r"\w+"):
        list(read_rows(write("\n".join([header, *lines, ""]))))


@pytest.mark.parametrize(
    "header", [f"{HEADER},備註", f"備註,{HEADER}", f"{HEADER},", f"{HEADER},附註,承辦人"]
)
def test_columns_of_the_courts_own_are_passed_over(write, header):
    row = ["x" if heading not in HEADINGS.values() else "" for heading in header.split(",")]
    cells = dict(zip(header.split(","), row, strict=True)) | dict(
        zip(HEADINGS.values(), line(1).split(","), strict=True)
    )

    [(_line, read)] = read_rows(write(f"{header}\n{','.join(cells.values())}\n"))

    assert read == dict(zip(HEADINGS, line(1).split(","), strict=True))


@dataclass
class Export:
    """A valid export, and the places of its rows in it; the headings are row 0."""

    text: str
    starts: list[int]
    """Of each row; and the end of the text."""
    encoding: str

    def rows_touched(self, place: int, is_added: bool) -> set[int]:
        touched = {row for row, (start, end) in enumerate(pairwise(self.starts)) if start <= place < end}
        for row in tuple(touched):
            ends = self.text[place : self.starts[row + 1]]
            if not ends.strip("\r\n") and not (is_added and place == self.starts[row]):
                touched.add(row + 1)
        return touched


TEXTS = st.text('甲乙ab1"“,;\t\n\r 　', max_size=8)


def quoted(cell: str, always: bool) -> str:
    if always or set(cell) & set(STRUCTURAL):
        return '"{}"'.format(cell.replace('"', '""'))
    return cell


@st.composite
def exports(draw) -> Export:
    keys = draw(st.permutations(list(HEADINGS))) if draw(st.booleans()) else list(HEADINGS)
    headings = [draw(st.sampled_from([key, HEADINGS[key]])) for key in keys]
    if draw(st.booleans()):
        place = draw(st.integers(0, len(keys)))
        keys.insert(place, "note")
        headings.insert(place, "備註")
    delimiter, end = draw(st.sampled_from(",\t;")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quotes_all = draw(st.booleans())
    text, starts = "", [0]
    for number in range(draw(st.integers(1, 4)) + 1):
        row = dict(zip(HEADINGS, line(number).split(","), strict=True)) | {"note": f"備{number}"}
        for key in ("cause", "detail", "courtroom", "note"):
            tricky = draw(TEXTS) if draw(st.booleans()) else ""
            row[key] = tricky and f"{tricky}列{number}{draw(TEXTS)}"
        row["withdrawn"] = draw(st.sampled_from(["", "1"]))
        cells = [row[key] for key in keys] if number else headings
        text += delimiter.join(quoted(cell, quotes_all) for cell in cells) + end
        starts.append(len(text))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp950"]))
    return Export(text, starts, encoding)


@st.composite
def damaged(draw) -> tuple[Export, str, set[int]]:
    """An export, its text with one structural character added, dropped or changed, and the rows it stood in."""
    export = draw(exports())
    places = [place for place, character in enumerate(export.text) if character in STRUCTURAL]
    how = draw(st.sampled_from(["add", "drop", "change"]))
    if how == "add":
        place = draw(st.integers(0, len(export.text) - 1))
        after = draw(st.sampled_from(STRUCTURAL)) + export.text[place:]
    else:
        place = draw(st.sampled_from(places))
        after = ("" if how == "drop" else draw(st.sampled_from(STRUCTURAL + "x"))) + export.text[place + 1 :]
    return export, export.text[:place] + after, export.rows_touched(place, how == "add")


@pytest.mark.usefixtures("_on_record")
class TestOneCharacter:
    @pytest.fixture
    def taken(self, write):
        """What would be stored of a file, by entry."""
        checker = Checker()
        checker.look_up()

        def taken(text, encoding):
            rows = {}
            for number, row in read_rows(write(text, encoding)):
                try:
                    clean = checker.check(number, row)
                except RowRejected:
                    continue
                rows[clean.entry_id] = clean._replace(line=0)
            return rows

        return taken

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(change=damaged())
    def test_leaves_every_other_row_intact_or_refuses_the_file(self, taken, change):
        export, text, touched = change
        before = taken(export.text, export.encoding)
        assert len(before) == len(export.starts) - 2

        try:
            after = taken(text, export.encoding)
        except UnreadableFile:
            return

        for entry_id, row in before.items():
            if int(entry_id[1:]) not in touched:
                assert after.get(entry_id) == row
        for row in after.values():
            assert len(set(re.findall(r"列(\d)", str(row)))) <= 1


@pytest.mark.parametrize("end", [HEADER, HEADER[:-1], HEADER[:-4], f"sep=,\r\n{HEADER}"])
def test_a_file_cut_off_within_its_headings_is_not_an_empty_one(write, end):
    with pytest.raises(IncompleteFile, match="is cut off within the headings"):
        list(read_rows(write(end)))


def test_headings_without_rows_are_an_export_of_a_day_without_news(write):
    assert list(read_rows(write(f"{HEADER}\r\n"))) == []
