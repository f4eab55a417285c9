"""Each reason why a row is rejected has a code, and a sentence in either language with the headings of the file."""

import json

import pytest
from django.utils import translation

from cpor_cases.actions.imports import import_file
from cpor_cases.intake.columns import HEADINGS
from cpor_cases.models import ImportRun
from cpor_core.reasons import SENTENCES, Unfit
from cpor_core.roc_dates import parse_date
from tests.factories import make_case, make_kind, make_word, row

pytestmark = pytest.mark.django_db

# By code: the column, and what stands in it.
CELLS = {
    "missing": ("kind", ""),
    "too_long": ("detail", "字" * 501),
    "unknown_court": ("court", "XXX"),
    "other_court": ("court", "SLD"),
    "unknown_category": ("category", "military"),
    "unknown_word": ("word", "甲"),
    "unknown_kind": ("kind", "甲"),
    "not_a_number": ("number", "0"),
    "number_shortened": ("entry_id", "1.15092E+11"),
    "not_yes_or_no": ("withdrawn", "perhaps"),
    "not_a_date": ("recorded_at", "tomorrow"),
    "no_such_day": ("recorded_at", "115/02/30"),
    "year_out_of_range": ("recorded_at", "9999-12-31"),
    "not_a_time": ("recorded_at", "115/09/24 24:00"),
    "case_year_not_come": ("year", "300"),
    "date_implausible": ("recorded_at", "110/01/01"),
    "broken_characters": ("detail", "\udcff"),
    "user_defined_character": ("entry_id", "\ue000"),
    "spreadsheet_error": ("detail", "#REF!"),
    "entry_of_another_case": ("entry_id", "TAKEN"),
}
LINES = {
    "not_text": json.dumps({"detail": ["a"]}),
    "twice_in_row": '{"detail": "a", "說明": "b"}',
    "too_many_fields": json.dumps({str(number): "" for number in range(2000)}),
    "not_json": "nonsense",
    "not_an_object": "[1]",
}
# Whose column is another than the one that is wrong, or none.
COLUMNS = {"case_year_not_come": "recorded_at", "not_text": "detail", "twice_in_row": "detail"}


@pytest.fixture
def case(court, other_court):
    make_word("訴")
    make_kind("judgment")
    return make_case(court)


def import_lines(tmp_path, case, lines, name):
    file = tmp_path / name
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", errors="surrogateescape")
    with translation.override("zh-hant"):
        return import_file(file, source=ImportRun.Source.COMMAND, court=case.court)


@pytest.fixture
def rejected(case, tmp_path):
    """By code: what was rejected for it, of a CSV file under Chinese headings and of NDJSON."""
    other = make_case(case.court, number=999)
    taken = row(case, entry_id="TAKEN", number="999")
    twice = row(case)
    rows = [*(row(case) | {column: cell} for column, cell in CELLS.values()), twice, twice]
    csv = [HEADINGS.values(), *([each.get(key, "") for key in HEADINGS] for each in rows)]
    lines = [",".join(cells) for cells in csv] + [",".join([*csv[-1], "one", "more"])]
    import_lines(tmp_path, case, [json.dumps(taken)], "first.ndjson")
    assert other.entries.exists()
    runs = [
        import_lines(tmp_path, case, lines, "export.csv"),
        import_lines(tmp_path, case, [json.dumps(row(case)), *LINES.values(), ""], "export.ndjson"),
    ]
    return {each.code: each for run in runs for each in run.rejected_rows.all()}


def test_every_code_is_there_and_says_so_in_both_languages(rejected):
    assert set(rejected) == set(SENTENCES)
    for code, each in rejected.items():
        if code in CELLS:
            assert each.column_key == COLUMNS.get(code, CELLS[code][0]), code
            assert HEADINGS[each.column_key] in each.sentence or code.startswith(("entry_of", "later")), code
        with translation.override("zh-hant"):
            assert each.sentence == each.reason
            assert "%(" not in each.sentence
        with translation.override("en"):
            assert "%(" not in each.sentence
            assert each.sentence != each.reason


def test_the_value_is_the_cell_as_it_was_sent(rejected):
    assert rejected["unknown_word"].value == "甲"
    assert rejected["not_json"].value == "nonsense"
    assert rejected["cell_too_many"].value == ""


def test_a_code_that_is_not_known_any_more_keeps_its_sentence(rejected):
    each = rejected["unknown_word"]
    each.code = "of-a-version-to-come"

    assert each.sentence == each.reason


def test_a_form_says_the_sentence_alone():
    with translation.override("zh-hant"), pytest.raises(Unfit, match="^「昨天」不是日期"):
        parse_date("昨天")
