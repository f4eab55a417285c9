"""What each kind of entry means to its readers: the packaged words (rule 13)."""

import re

import pytest

from cpor_core import reference
from cpor_core.models import ProgressKind
from cpor_core.models.progress_kinds import LONGEST_PART, PARTS
from cpor_core.translated.fields import text_in
from tests import factories

pytestmark = pytest.mark.django_db

LONGEST_IN_CHINESE = 120
# Words of other regions, of machines, and of those who advise instead of explaining.
FORBIDDEN = re.compile(
    "搜索|信息|發佈|訪問|界面|用戶|視頻|質量|默認|登陸|通過網|你|您應該|建議您|最好|勝算|本系統|點擊|[,;:?!]"
)
ADVICE = re.compile(r"\b(you should|we advise|we recommend|better to|your best)\b", re.IGNORECASE)
TERM = re.compile("[二三四五十]+(日|個月)內|[二三四五十]+日[，。；]|十日")
HOW_TO_COUNT = re.compile("計算方式以.{2,5}所載為準")
COUNTED_BY_DAYS_OF_SERVICE = re.compile("(上訴|抗告)期間通常(都)?是")


@pytest.fixture
def kinds() -> list[ProgressKind]:
    reference.load_all()
    return list(ProgressKind.objects.all())


def in_chinese(kind: ProgressKind) -> str:
    return "".join(text_in(kind, name, "zh-hant") for name in PARTS)


def test_every_packaged_kind_says_all_parts_in_both_languages(kinds):
    assert len(kinds) == 65
    assert [
        (kind.code, name, language)
        for kind in kinds
        for name in PARTS
        for language in ("zh-hant", "en")
        if not text_in(kind, name, language)
    ] == []
    assert not ProgressKind.objects.not_fully_explained().exists()


def test_no_part_is_too_long_for_a_mail(kinds):
    for kind in kinds:
        for name in PARTS:
            assert len(text_in(kind, name, "zh-hant")) <= LONGEST_IN_CHINESE, (kind.code, name)
            assert len(text_in(kind, name, "en")) <= LONGEST_PART, (kind.code, name)


def test_what_to_do_begins_with_what_to_do(kinds):
    for kind in kinds:
        assert re.match("無須|請", text_in(kind, "to_do", "zh-hant")), kind.code
        assert re.match("You do not need to |Please ", text_in(kind, "to_do", "en")), kind.code


def test_both_languages_agree_on_whether_anything_is_to_be_done(kinds):
    for kind in kinds:
        is_free = text_in(kind, "to_do", "zh-hant").startswith("無須")
        assert text_in(kind, "to_do", "en").startswith("You do not need") == is_free, kind.code


def test_the_words_are_those_of_a_careful_civil_servant(kinds):
    for kind in kinds:
        assert not FORBIDDEN.search(in_chinese(kind)), kind.code
        for name in PARTS:
            assert text_in(kind, name, "zh-hant").endswith("。"), (kind.code, name)
            assert text_in(kind, name, "en").endswith("."), (kind.code, name)
            assert not ADVICE.search(text_in(kind, name, "en")), (kind.code, name)


def test_who_names_a_term_names_its_source_and_how_it_is_counted(kinds):
    with_term = [kind for kind in kinds if TERM.search(in_chinese(kind))]

    assert {"judgment", "ruling", "decision_served", "public_service"} <= {kind.code for kind in with_term}
    for kind in with_term:
        assert kind.legal_basis, kind.code
        if COUNTED_BY_DAYS_OF_SERVICE.search(in_chinese(kind)):
            assert HOW_TO_COUNT.search(in_chinese(kind)), kind.code


@pytest.mark.parametrize(
    ("code", "chinese", "english", "articles"),
    [
        # Civil, family, criminal and administrative appeals: twenty days from service of the judgment.
        ("judgment", "送達後二十日", "twenty days from service", ["民事訴訟法第398條、第440條", "刑事訴訟法第349條", "行政訴訟法第241條"]),
        ("summary_judgment", "送達後二十日", "twenty days from service", ["第455條之1"]),
        # Against a ruling: ten days; in criminal cases, too, since 2023-06-23.
        ("ruling", "送達後十日", "ten days from service", ["第487條", "家事事件法第93條", "第406條", "第268條"]),
        ("stay_of_enforcement", "送達後十日", "ten days of service", ["行政訴訟法第116條", "第268條"]),
        ("retrial_filed", "三十日", "thirty days", ["民事訴訟法第496條、第500條", "行政訴訟法第273條、第276條"]),
        ("public_service", "二十日生效，刑事案件通常經三十日", "thirty days after it in criminal", ["第152條", "第60條", "第82條"]),
        ("settled", "三個月內，聲請退還該審級裁判費三分之二", "two thirds", ["民事訴訟法第84條"]),
        ("mediated", "三個月內，聲請退還裁判費三分之二", "two thirds", ["第420條之1"]),
        ("stayed", "四個月內不續行", "within four months", ["第168條至第191條"]),
        ("withdrawn", "十日內未異議，視為同意", "within ten days", ["民事訴訟法第262條"]),
        ("argument_closed", "二週內", "within two weeks", ["民事訴訟法第223條", "刑事訴訟法第311條"]),
    ],
)  # fmt: skip
def test_terms_are_those_of_the_statutes(kinds, code, chinese, english, articles):
    kind = next(each for each in kinds if each.code == code)

    assert chinese in in_chinese(kind)
    assert english in "".join(text_in(kind, name, "en") for name in PARTS)
    assert all(article in kind.legal_basis for article in articles)


def test_only_the_four_kinds_that_end_the_query_speak_of_two_months(kinds):
    """Rule 2."""
    assert {kind.code for kind in kinds if "還可在此查詢兩個月" in in_chinese(kind)} == {
        kind.code for kind in kinds if kind.ends_query
    }


def test_loading_again_leaves_what_editors_wrote(kinds):
    kind = next(each for each in kinds if each.code == "judgment")
    kind.to_do = {"zh-hant": "請看本院的說明。", "en": "Please read what we wrote."}
    kind.save()

    reference.load_all()

    assert text_in(ProgressKind.objects.get(code="judgment"), "to_do", "zh-hant") == "請看本院的說明。"


def test_the_reference_of_the_api_has_them(client, court, kinds):
    _token, secret = factories.make_token(court)
    told = client.get("/api/v1/reference", headers={"Authorization": f"Bearer {secret}"}).json()

    kind = next(each for each in told["kinds"] if each["code"] == "judgment")
    on_record = ProgressKind.objects.get(code="judgment")
    for name in PARTS:
        assert kind[f"{name}_zh"] == text_in(on_record, name, "zh-hant")
        assert kind[f"{name}_en"] == text_in(on_record, name, "en")
