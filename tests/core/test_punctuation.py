"""Sentences put together in Python have the marks of their language."""

import pytest
from django.utils import translation

from cpor_core.punctuation import in_a_row, labelled, listed
from cpor_core.reasons import Reason

MARKS = {"zh-hant": ("甲：乙", "甲、乙", "甲；乙"), "en": ("甲: 乙", "甲, 乙", "甲; 乙")}


@pytest.mark.parametrize("language", MARKS)
def test_marks_are_full_width_in_chinese(language):
    with translation.override(language):
        assert (labelled("甲", "乙"), listed("甲乙"), in_a_row("甲乙")) == MARKS[language]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh-hant", "缺少：法院、字別。"), ("en", "Nothing is given for: court, word.")],
)
def test_what_a_row_lacks_is_listed_in_the_language_of_its_reader(language, sentence):
    names = {"court": "法院", "word": "字別"} if language == "zh-hant" else {"court": "court", "word": "word"}

    with translation.override(language):
        assert (
            Reason("missing", parameters={"missing": ["court", "word"]}).named(names).sentence() == sentence
        )
