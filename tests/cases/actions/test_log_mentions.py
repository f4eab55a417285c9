"""What the record says of people who are forgotten: found however it is spelled, and nothing else with it."""

import pytest
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from cpor_cases.actions.retention.log_mentions import forget_in_record
from cpor_cases.models import CourtLogEntry
from cpor_core.search_text import holds
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def remark(court, clerk):
    """Put a remark on record and return its entry."""
    case = factories.make_case(court)

    def put(text, **facts):
        data = {"reason_given": text}
        return log(instance=case, action="cpor_cases.case.inspect", user=clerk, data=data, **facts)

    return put


def is_forgotten(entry) -> bool:
    entry.refresh_from_db()
    return entry.data == {"reason_given": ""}


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("王小明", "王　小　明來電"),
        ("王小明", "王\n小明"),
        ("王小明", "王小\u200b明"),
        ("李　四", "問李四的案件"),
        ("瓦歷斯·諾幹", "瓦歷斯‧諾幹"),
        ("台北一起股份有限公司", "臺北一起股份有限公司"),
        ("ＡＢＣ有限公司", "abc 有限公司"),
        ("Wang Hsiao-ming", "Mr. WANG Hsiao ming"),
        ("Li Wei", "問LiWei先生"),
        ("wang@person.example", "改為ＷＡＮＧ＠person.example了"),
        ("115-0012", "收文號１１５－００１２"),
        ("1150012", "收文1150012號"),
    ],
)
def test_a_word_is_found_however_it_is_spelled(remark, word, text):
    entry = remark(text)

    assert forget_in_record({word}) == 1
    assert is_forgotten(entry)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("Ho Li", "a public holiday"),
        ("an@person.example", "joan@person.example"),
        ("王小明", "王小華"),
        ("1150924", "115/09/24 開庭"),
        ("1150924", "21150924"),
        ("702", "115年度訴字第702號"),
        ("20260", "115年度執字第20260號"),
        ("12", "12 月 12 日"),
        ("王", "王小明"),
        ("—", "同意—無異議"),
    ],
)
def test_what_only_looks_alike_stays(remark, word, text):
    entry = remark(text)

    assert forget_in_record({word}) == 0
    assert not is_forgotten(entry)


def test_a_receipt_number_takes_neither_the_label_nor_the_rows_of_an_entry(remark):
    entry = remark("", rows=" case:7020 application:70200 ")
    before = entry.label, entry.rows

    forget_in_record({"7020", "70200"})

    entry.refresh_from_db()
    assert (entry.label, entry.rows) == before


def test_what_is_searched_of_an_entry_goes_with_what_it_called_the_person(clerk):
    person = factories.make_user(first_name="王小明")
    entry = CourtLogEntry.objects.log_action(
        person, "cpor_cases.account.inspect", user=clerk, title="王　小明"
    )

    forget_in_record({"王小明"})

    entry.refresh_from_db()
    assert entry.label == ""
    assert not CourtLogEntry.objects.filter(holds("王小明"), pk=entry.pk).exists()


@pytest.mark.parametrize("kept", ["applicant", "clerk"])
def test_whoever_is_kept_under_the_same_name_in_another_spelling_keeps_the_remark(remark, court, clerk, kept):
    entry = remark("李四來電")
    if kept == "applicant":
        factories.make_application(court, applicant_name="李　四", by=clerk)
    else:
        type(clerk).objects.filter(pk=clerk.pk).update(last_name="李", first_name="四")

    assert forget_in_record({"李四"}) == 0
    assert not is_forgotten(entry)


def test_a_thousand_people_are_forgotten_at_once(remark):
    """SQLite takes no condition of that many parts."""
    entry, others = remark("第 777 號王小明"), ModelLogEntry.objects.count()

    assert forget_in_record({f"王小{number}某" for number in range(1500)} | {"王小明"}) == 1
    assert is_forgotten(entry)
    assert ModelLogEntry.objects.count() == others
