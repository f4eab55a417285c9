"""One name in two spellings is one name, and two names stay two."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpor_core.spellings import fold_name

# What is on the form, and what people type for it at the activation.
SAME = [
    ("瓦歷斯‧諾幹", "瓦歷斯·諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯\u02d9諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯\u2219諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯\u22c5諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯\u2218諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯\u2981諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯\U00010101諾幹"),
    ('Ka"aw Lowking', "Ka\u02eeaw Lowking"),
    ('Ka"aw Lowking', "Ka\u02ddaw Lowking"),
    ("瓦歷斯‧諾幹", "瓦歷斯・諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯\uff65諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯．諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯 諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯。諾幹"),
    ("瓦歷斯‧諾幹", "瓦歷斯諾幹"),
    ("Ka'aw Lowking", "Ka\u2018aw Lowking"),
    ("Ka'aw Lowking", "Ka\u2019aw Lowking"),
    ("Ka'aw Lowking", "Ka\u02bcaw Lowking"),
    ("Ka'aw Lowking", "Ka\u00b4aw Lowking"),
    ("Ka'aw Lowking", "Ka`aw Lowking"),
    ("Ka'aw Lowking", "Ka\u2032aw Lowking"),
    ("Ka'aw Lowking", "Ka\uff07aw　Lowking"),
    ("Ka'aw Lowking", "ＫＡ＇ＡＷ ＬＯＷＫＩＮＧ"),
    ("Ka'aw Lowking", "Ka\u02bbaw Lowking"),
    ("Ka'aw Lowking", "Ka\u1fbfaw\u2800Lowking"),
    ("Ka'aw Lowking", "Ka\u2e02aw Lowking"),
    ("Wang Ta-Ming", "Wang Ta\u2011Ming"),
    ("Wang Ta-Ming", "Wang Ta\u2013Ming"),
    ("Wang Ta-Ming", "Wang Ta\u2014Ming"),
    ("Wang Ta-Ming", "Wang Ta\u2212Ming"),
    ("Wang Ta-Ming", "Wang Ta－Ming"),
    ("Wang Ta-Ming", "Wang Ta\u2e40Ming"),
    ("Wang Ta-Ming", "Wang Ta\u2500Ming"),
    ("Wang Ta-Ming", "wang ta ming"),
    ("王大明", "王大明\u200b"),
    ("王大明", "\ufeff王大明"),
    ("王大明", "王\u200e大明"),
    ("王大明", "王大\u2060明"),
    ("王大明", "王\u00ad大明"),
    ("葛小明", "葛\U000e0100小明"),
    ("葛小明", "葛\ufe00小明"),
    ("林來", "林\uf92d"),  # a character of another standard's table
    ("Núñez", "Nu\u0301n\u0303ez"),
    ("Weiß", "WEISS"),
]
OTHER = [
    ("王大明", "王小明"),
    ("王大明", "王大朋"),
    ("王大明", "王大明明"),
    ("王大明", "王○明"),
    ("王一明", "王明"),
    ("王一明", "王－明"),
    ("王大明", "王大明(代理人)"),
    ("田中マリー", "田中マリ"),
    ("陳", "陈"),
    ("Núñez", "Nunez"),
    ("Wang 1", "Wang 2"),
]
NONE = ["", " ", "‧‧", "·", "'", "-", "--", "\u200b", "　。", "\ufe00", "´"]
IGNORED = "·‧・･•.．。,，'’‘＇`´′-‐‑–—−－ 　\t\u200b\u200e\u2060\ufeff\ufe00\U000e0100"


@pytest.mark.parametrize(("written", "typed"), SAME)
def test_the_same_name_in_another_spelling(written, typed):
    assert fold_name(written) == fold_name(typed) != ""


@pytest.mark.parametrize(("written", "typed"), OTHER)
def test_another_name_stays_another(written, typed):
    assert fold_name(written) != fold_name(typed)


@pytest.mark.parametrize("typed", NONE)
def test_marks_alone_are_no_name(typed):
    assert fold_name(typed) == ""


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(IGNORED)), max_size=6),
)
def test_marks_anywhere_in_a_name_make_no_other(name, marks):
    typed = name
    for place, mark in marks:
        typed = typed[:place] + mark + typed[place:]

    assert fold_name(typed) == name


@given(st.text(max_size=30))
def test_any_text_is_folded_alike_in_each_of_its_normal_forms(text):
    folded = fold_name(text)

    assert not any(c.isspace() or unicodedata.category(c) in {"Cc", "Cf", "Pd"} for c in folded)
    assert fold_name(unicodedata.normalize("NFC", text)) == folded
    assert fold_name(unicodedata.normalize("NFD", text)) == folded


@given(*[st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=5)] * 2)
def test_two_names_of_plain_characters_are_told_apart(one, other):
    assert (fold_name(one) == fold_name(other)) == (one == other)
