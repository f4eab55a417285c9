"""The markup of the forms' texts: slots, boxes, blanks, bold."""

import pytest

from cpor_core.court_forms import FORMS, slots
from cpor_core.court_forms.filling import Facts, NumberLabel, fill
from cpor_core.court_forms.slots import Run
from cpor_core.pdf import html_writer


def test_a_slot_without_a_fact_is_its_blank():
    assert slots.runs(slots.fill("此致 {court:____法院}", {})) == [
        Run("此致 ", "plain"),
        Run("\u3000" * 4, "blank"),
        Run("法院", "plain"),
    ]


def test_a_fact_takes_the_place_of_the_blank():
    assert slots.runs(slots.fill("{year:　　}年度", {"year": "115"})) == [
        Run("115", "filled"),
        Run("年度", "plain"),
    ]


def test_a_box_is_ticked_for_its_value_alone():
    text = "[role=被告] 被告 [role=自訴人] 自訴人"

    assert slots.fill(text, {"role": "自訴人"}) == "□ 被告 ■ 自訴人"


@pytest.mark.parametrize("typed", ["a__b**c**", "{name:x}", "[role=y]", "<b>&\"'", "王\\小明"])
def test_what_a_person_typed_is_no_markup(typed):
    assert slots.runs(slots.fill("{name:____}", {"name": typed})) == [Run(typed, "filled")]


@pytest.mark.parametrize("typed", ["王\n小明", "王\x00\x1f小明", "王\ue001小明\ue000", "  王 小明 "])
def test_no_end_of_a_line_or_mark_of_ours_gets_into_a_form(typed):
    assert slots.runs(slots.fill("{name:____}", {"name": typed})) == [Run("王 小明", "filled")]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.slug)
def test_no_markup_is_left_on_any_form(form):
    for printed in (form, fill(form, Facts(name="王小明"), NumberLabel("AB12", "<svg/>"))):
        html = html_writer.body(printed)

        assert not set("{}[]") & set(html)
        assert "**" not in html
        assert "style=" not in html
