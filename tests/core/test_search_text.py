"""What is searched is folded alike by Python, by the database, and whichever way a row is written."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cpor_cases.models import Application, Case, CourtLogEntry
from cpor_core.search_text import SearchText, folded_in_sql, holds, search_text_of
from cpor_core.spellings import _MARKS_OF_NAMES, fold_search
from tests import factories

# In either direction: the one on record, the other searched for.
SAME = [
    ("李　四", "李四"),
    ("李　四", "李 四"),
    ("台北地院", "臺北地方法院"),
    ("台灣高院", "臺灣高等法院"),
    ("瓦歷斯‧諾幹", "瓦歷斯·諾幹"),
    ("ＡＢＣ股份有限公司", "abc股份有限公司"),
    ("房東（台北）", "房東(臺北)"),
    ("㈱日本", "(株)日本"),
    ("Ka'aw Lowking", "KA’AW lowking"),
    ("王大明", "王\u200b大\ufe00明"),
    ("R-１１５/001", "r115001"),
    ("偽証", "偽證"),
]
OTHER = [("李四", "李五"), ("甲○○", "甲"), ("臺北", "臺中"), ("王一", "王")]
ALPHABET = "王李台臺地院高法北ＡｂC１2３ ·‧・・'’`-–—（）()，,。．.　\u200b\ufeff\ufe00@%_\\\"㈱①ßς○\n"


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_in_another_spelling(one, other):
    assert fold_search(one) == fold_search(other) != ""


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_differs_stays_different(one, other):
    assert fold_search(one) != fold_search(other)


def test_no_mark_of_a_name_is_searched():
    assert fold_search("".join(_MARKS_OF_NAMES)) == ""


@given(st.text(ALPHABET, max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_a_part_is_found_in_the_whole(text, start, end):
    assert fold_search(text[start:end]) in fold_search(text)


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text):
    once = fold_search(text)

    assert " " not in once
    assert fold_search(once) == once


@pytest.mark.django_db
def test_the_database_folds_as_python_does():
    texts = [text for pair in SAME + OTHER for text in pair] + [ALPHABET, "", "Straße Νίκος ﬁ", "%s %(x)s"]
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute(f"SELECT {folded_in_sql('%s', '%s')}", [text, "二"])
            assert cursor.fetchone()[0] == search_text_of(text, "二")


def test_nothing_but_marks_finds_no_row(db):
    factories.make_case(cause="-")

    assert not Case.objects.filter(holds("-")).exists()


@pytest.fixture
def found(court):
    """Whether a search finds the one application."""
    application = factories.make_application(court, applicant_name="李　四", receipt_number="115-１")
    return lambda text: Application.objects.filter(holds(text), pk=application.pk).exists()


def test_a_row_is_searched_as_it_was_saved_last(found):
    assert found("李四")
    assert found("1151")

    application = Application.objects.get()
    application.applicant_name = "瓦歷斯‧諾幹"
    application.save(update_fields=["applicant_name"])

    assert found("瓦歷斯·諾幹")
    assert not found("李四")


def test_a_row_is_searched_as_it_was_updated_last(found):
    Application.objects.update(applicant_name="房東（台北）")
    assert found("房東臺北")
    assert found("1151")

    application = Application.objects.get()
    application.applicant_name, application.receipt_number = "王—明", ""
    Application.objects.bulk_update([application], ["applicant_name", "receipt_number"])

    assert found("王明")
    assert not found("1151")


def test_what_was_forgotten_is_searched_no_more(court, clerk):
    factories.make_application(court, by=clerk)
    CourtLogEntry.objects.filter(user=clerk).update(actor_name="陳 美玲")
    assert CourtLogEntry.objects.filter(holds("陳美玲")).exists()

    CourtLogEntry.objects.forget_actors(type(clerk).objects.filter(pk=clerk.pk))

    assert not CourtLogEntry.objects.filter(holds("陳美玲")).exists()


def test_few_rows_are_folded_while_they_are_searched(court):
    factories.make_case(court, cause="返還房屋（台北）")
    searched = Case.objects.alias(searched=SearchText("cause", "court__name__every"))

    assert searched.filter(holds("房屋台北", "searched"), holds("台北地院", "searched")).exists()
    assert not searched.filter(holds("房屋台中", "searched")).exists()
