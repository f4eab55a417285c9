"""Rows checked together come out as they do when each is checked alone."""

import csv
import json
import random

import pytest

from cpor_cases.intake import temporary_tables as tables
from cpor_cases.intake.checks import Checker
from cpor_cases.intake.clean_rows import CleanRows
from cpor_cases.intake.reading.formats import read_blocks, read_rows
from cpor_cases.intake.reading.rows import (
    HEADINGS,
    MOST_CHARACTERS_A_BLOCK,
    ROWS_A_BLOCK,
    NotPlain,
    blocks_of_table,
)
from cpor_cases.intake.staging import stage
from tests import factories
from tests.support.export_files import ROW

pytestmark = pytest.mark.django_db

PLAIN = ROW | {"category": "civil", "number": "7", "kind": "judgment"}
ODD = {
    "court": ["臺灣臺北地方法院", "ＴＰＤ", " TPD", "XXX", ""],
    "category": ["民事", "CIVIL", "tax"],
    "year": ["115年度", "１１５", "0", "1000", " 115"],
    "word": ["訴字", " 訴", "無此字"],
    "number": ["007", "第7號", "７", "0", "0000000007", "000000007", "99999999", "-7", "7.0", ""],
    "division": ["孝股", "　孝　", "Ａ", "", "長" * 20, "長" * 20 + "股", "長" * 21],
    "cause": ["", "ａ１", "長" * 201],
    "entry_id": [" E1 ", "ｅ1", "", "  ", "E" * 60, "E" * 61, "E\t1", "號1"],
    "recorded_at": ["1150924", "115/09/24 14:30", "2026-09-24T09:30", "115/02/29", "soon"],
    "kind": ["判決", "Judgment", " judgment", "decree"],
    "detail": [
        "",
        "第１２法庭，（Ａ）。",
        "=1+1",
        "#N/A",
        "#1",
        "兩\n行",
        "a\u200bb",
        "\ue000",
        "長" * 501,
        "\x1a",
    ],
    "hearing_at": ["115/10/1 0930", " ", "24:00", "115/10/1 下午2時"],
    "courtroom": ["第１法庭", "長" * 61],
    "moved_from": ["115/10/1 0930", "soon"],
    "withdrawn": ["是", "no", "1", "YES", "maybe"],
}


@pytest.fixture
def _known(court):
    factories.make_word("訴")
    factories.make_kind("judgment", name_zh="判決", name_en="Judgment")


@pytest.fixture
def odd_rows(_known):
    """Many rows of which some are odd in a cell or two, with a few empty lines between them."""
    dice, rows = random.Random(7), []
    for number in range(20 * ROWS_A_BLOCK):
        row = PLAIN | {"entry_id": f"E{number}", "number": str(1 + number // 8)}
        is_odd = dice.random() < (0.5 if number < 1000 else 0.01)
        for key in dice.sample(list(HEADINGS), dice.randint(1, 2)) if is_odd else ():
            row[key] = dice.choice(ODD.get(key, ODD["cause"]))
        rows.append({} if dice.random() < 0.001 else row)
    return rows


def as_csv(rows, path):
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(HEADINGS.values())
        lines.writerows([*row.values()] for row in rows)


def as_ndjson(rows, path):
    path.write_text("\n".join(map(json.dumps, filter(None, rows))), encoding="utf-8")


class Progress:
    def __init__(self):
        self.rows, self.rejections = 0, []

    def read(self, rows, rejections):
        self.rows += rows
        self.rejections += rejections


def staged(path):
    """What is staged and said of a file."""
    progress = Progress()
    with tables.opened():
        batches = stage(lambda: read_blocks(path), sender=None, listener=progress)
        return (
            tables.select("SELECT * FROM staged ORDER BY line"),
            tables.select("SELECT * FROM staged_case ORDER BY line"),
            tables.select("SELECT * FROM rejected_late ORDER BY line"),
            batches,
            progress.rows,
            progress.rejections,
        )


@pytest.mark.parametrize("write", [as_csv, as_ndjson])
def test_odd_rows_change_nothing_in_how_those_around_them_are_taken(odd_rows, write, tmp_path, monkeypatch):
    path = tmp_path / "export"
    write(odd_rows, path)

    together = staged(path)
    monkeypatch.setattr(Checker, "check_block", lambda *_: (_ for _ in ()).throw(NotPlain))
    alone = staged(path)

    assert together == alone
    rows, cases, rejected_late, _batches, read, rejections = together
    assert read == len([*filter(None, odd_rows)]) == len(rows) + len(rejected_late) + len(rejections)
    assert len(rejections) > 100
    assert len(cases) > len(odd_rows) / 8


@pytest.mark.usefixtures("_known")
@pytest.mark.parametrize(
    "over",
    [
        {},
        {"court": "ＴＰＤ", "category": "民事", "year": "115年度", "word": "訴字　"},
        {"number": "第7號", "division": "孝股", "entry_id": "號 1"},
        {"recorded_at": "民國115年9月24日", "hearing_at": "115/10/1 下午2時", "kind": "判決"},
        {"detail": "兩\n行，　全形１２ #1", "courtroom": "第１法庭", "withdrawn": "是"},
    ],
)
@pytest.mark.parametrize("form", ["{}", "{},", "{},,,", "{}\r\n", "{}\r\n,,,,"])
def test_whatever_can_be_taken_is_checked_together(over, form, tmp_path):
    """Else a court whose system writes 第7號 in every row, or a comma too many, waits several times as long."""
    cells = (PLAIN | over).values()
    lines = [",".join(HEADINGS.values()), *[form.format(",".join(f'"{cell}"' for cell in cells))] * 3]
    path, checker = tmp_path / "export", Checker()
    path.write_text("\r\n".join([*lines, ""]), encoding="utf-8")

    (block,) = read_blocks(path)

    together = checker.check_block(block)
    alone = [checker.check(line, row) for line, row in block.rows()]
    assert len(alone) == 3
    assert [together.part(place, place + 1) for place in range(3)] == [CleanRows.of(row) for row in alone]


@pytest.mark.usefixtures("_known")
def test_a_sheet_may_leave_out_the_empty_cells_at_the_end():
    upto_detail = list(PLAIN).index("detail") + 1
    lines = [
        (line, list(PLAIN.values())[:count])
        for line, count in ((2, len(PLAIN)), (3, upto_detail), (4, upto_detail + 1))
    ]

    (block,) = blocks_of_table(lines, HEADINGS)

    assert len(Checker().check_block(block).line) == 3


def test_long_lines_make_short_blocks(tmp_path):
    path, detail = tmp_path / "export", "長" * (MOST_CHARACTERS_A_BLOCK // 8)
    as_csv([PLAIN | {"detail": detail}] * 100, path)
    of_table = [len(block) for block in read_blocks(path)]
    as_ndjson([PLAIN | {"detail": detail}] * 100, path)
    of_json = [len(block) for block in read_blocks(path)]

    assert max(of_table + of_json) <= 9
    assert sum(of_table) == sum(of_json) == 100


def test_lines_are_numbered_through_all_blocks(tmp_path):
    path, rows = tmp_path / "export", [PLAIN | {"detail": "兩\n行"}] * 3 + [PLAIN] * ROWS_A_BLOCK
    as_csv(rows, path)

    lines = [line for line, _row in read_rows(path)]

    assert lines == [2, 4, 6, *range(8, 8 + ROWS_A_BLOCK)]
