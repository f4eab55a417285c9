"""A reminder of a hearing says how to come to it: texts per court and kind, with packaged defaults, word by word."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from cpor_cases.actions import reminders
from cpor_cases.mail import delivery
from cpor_cases.models import CaseAccess, ProgressEntry
from cpor_core.models import Court, HearingAdvice, ProgressKind
from cpor_core.models.hearing_advice import ADVICE
from cpor_core.reference.files import FILES
from cpor_core.translated.fields import texts
from tests import factories

pytestmark = pytest.mark.django_db
ARRIVE = {
    "zh-hant": "報到時間：請於通知書或傳票所載時間前 15 分鐘到達，並向法庭外的報到處或庭務員報到。",
    "en": "When to be there: Please be there 15 minutes before the time in the notice or summons, and report to the "
    "usher outside the courtroom.",
}
WHOLE = {
    "zh-hant": """到庭須知

地點：臺北市中正區博愛路 131 號
如何找到法庭：法庭位置請看法院入口的庭期表，或詢問服務台。
交通資訊：https://court.example/way
報到時間：請於通知書或傳票所載時間前 15 分鐘到達，並向法庭外的報到處或庭務員報到。
應攜帶物品：請攜帶通知書或傳票、附照片的身分證件，以及本案的書狀與證據原本。代理人請另帶委任狀。
不能到庭時：請儘早以書狀向法院說明理由並附證明，聲請改期，同時電話告知承辦股書記官。法院通知改期之前，庭期不變。無故不到可能對您不利。
通譯：需要通譯（外語、原住民族語言或手語）者，請儘早告知承辦股書記官。
無障礙與其他協助：行動不便或需要其他協助者，請於庭期前告知承辦股書記官。
法院電話：02-2314-6871""",
    "en": """Before you come

Where: No. 131, Bo'ai Road, Taipei
Finding the courtroom: The list of hearings at the court's entrance shows where the courtroom is; or ask at the information counter.
The way there: https://court.example/way
When to be there: Please be there 15 minutes before the time in the notice or summons, and report to the usher outside the courtroom.
What to bring: Please bring the notice or summons, an identity document with a photograph, and your papers and original evidence in the case. Representatives also bring their power of attorney.
If you cannot come: As early as you can, ask the court in writing for another date, with the reason and proof, and telephone the clerk of the division. Until the court tells you otherwise, the hearing takes place. Staying away without a good reason may be to your disadvantage.
Interpreters: If you need an interpreter (foreign, indigenous or sign language), please tell the clerk of the division as early as you can.
Accessibility: If you need step-free access or other assistance, please tell the clerk of the division before the hearing.
Telephone of the court: 02-2314-6871""",
}


def load() -> None:
    for file in FILES:
        if file.model in (Court, ProgressKind, HearingAdvice):
            file.add_missing()


@pytest.fixture
def court(db):
    load()
    court = Court.objects.get(code="TPD")
    court.address = {"zh-hant": "臺北市中正區博愛路 131 號", "en": "No. 131, Bo'ai Road, Taipei"}
    court.map_url, court.phone = "https://court.example/way", "02-2314-6871"
    court.save()
    return court


@pytest.fixture(params=["zh-hant", "en"])
def person(request, db):
    return factories.make_user(language=request.param, mails_show_entry=True)


@pytest.fixture
def language(person):
    return person.litigant.language


def hearing(person, court, kind="oral_argument", days=7, **over):
    right = factories.make_access(person, factories.make_case(court))
    at = timezone.localtime().replace(hour=9, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)
    return factories.make_entry(right.case, kind, hearing_at=at, **over)


def sent():
    reminders.remind()
    mail.outbox.clear()
    delivery.deliver.call_local()
    return mail.outbox


def test_where_when_what_to_bring_what_if_not_word_by_word(person, court, language):
    hearing(person, court)

    [message] = sent()

    assert WHOLE[language] in message.body
    html = BeautifulSoup(message.alternatives[0].content, "html.parser")
    said = {dt_.text.strip(): " ".join(dt_.find_next("dd").text.split()) for dt_ in html.select("dl dt")}
    for line in WHOLE[language].splitlines()[2:]:
        label, text = re.split("：|: ", line, maxsplit=1)
        if "https" not in text:
            assert text in said[label]
    assert html.select_one("dd a")["href"] == "https://court.example/way"


def test_a_court_of_which_nothing_is_known_leads_to_its_website(person, court, language):
    Court.objects.update(address={}, map_url="", phone="", website="https://court.example/")
    hearing(person, court)

    [message] = sent()

    website, phone = {
        "zh-hant": ("法院網站：https://court.example/", "法院電話請見通知書或傳票，或查閱法院網站。"),
        "en": (
            "The court's website: https://court.example/",
            "The court's telephone number is in the notice or summons and on the court's website.",
        ),
    }[language]
    assert website in message.body
    assert phone in message.body


def test_a_mediation_says_what_to_bring_to_it_and_the_rest_as_everywhere(person, court, language):
    hearing(person, court, "mediation")

    [message] = sent()

    assert {"zh-hant": "例如契約、收據、照片", "en": "contracts, receipts or photographs"}[
        language
    ] in message.body
    assert ARRIVE[language] in message.body


def test_to_a_pronouncement_nobody_need_come(person, court, language):
    hearing(person, court, "pronouncement_set")

    [message] = sent()

    assert {
        "zh-hant": "報到時間：宣示判決時，當事人可以不到庭",
        "en": "You do not need to come when the judgment is pronounced",
    }[language] in message.body


def test_who_lets_mails_not_show_the_entry_does_not_learn_its_kind_from_the_advice(person, court, language):
    person.litigant.mails_show_entry = False
    person.litigant.save()
    hearing(person, court, "mediation", courtroom="第 12 法庭")

    [message] = sent()

    assert WHOLE[language] in message.body
    assert "第 12 法庭" not in message.body


def test_what_a_court_says_of_itself_holds_there_alone(person, court, language):
    said = {"zh-hant": "東側門有坡道。", "en": "There is a ramp at the east entrance."}
    HearingAdvice.objects.create(court=court, accessibility=said)
    other = Court.objects.get(code="TCD")
    hearing(person, court)
    hearing(person, other)

    [message] = sent()

    assert message.body.count(said[language]) == 1
    for each in (court, other):
        name = texts(each, "name")[language]
        assert {"zh-hant": f"到庭須知：{name}", "en": f"Before you come to {name}"}[language] in message.body


def test_the_kind_goes_before_the_court_and_both_together_before_either(person, court, language):
    kind = ProgressKind.objects.get(code="mediation")
    HearingAdvice.objects.create(court=court, what_to_bring={"zh-hant": "自家", "en": "own"})
    hearing(person, court, "mediation")
    [message] = sent()
    assert {"zh-hant": "例如契約", "en": "contracts"}[language] in message.body
    HearingAdvice.objects.create(court=court, kind=kind, what_to_bring={"zh-hant": "兩者", "en": "both"})

    hearing(person, court, "mediation", days=1)
    [message] = sent()

    assert {"zh-hant": "應攜帶物品：兩者", "en": "What to bring: both"}[language] in message.body


def test_a_part_lacking_in_the_readers_language_is_read_in_it_from_what_holds_more_widely(
    person, court, language
):
    HearingAdvice.objects.create(court=court, when_to_come={"zh-hant": "請提早。"})
    hearing(person, court)

    [message] = sent()

    assert ("報到時間：請提早。" if language == "zh-hant" else ARRIVE["en"]) in message.body


def test_a_kind_of_which_something_else_is_said_is_named_where_there_are_several(person, court, language):
    hearing(person, court)
    hearing(person, court, "mediation")

    [message] = sent()

    name, kind = texts(court, "name")[language], ProgressKind.objects.get(code="mediation")
    heading = {"zh-hant": f"到庭須知：{name}", "en": f"Before you come to {name}"}[language]
    assert f"{heading}\n" in message.body
    assert f"{heading} · {texts(kind, 'name')[language]}\n" in message.body


def test_hearings_of_one_court_and_kind_are_advised_once(person, court, language):
    for _ in range(3):
        hearing(person, court)

    [message] = sent()

    assert message.body.count(ARRIVE[language]) == 1


def test_a_hearing_called_off_or_moved_before_the_mail_leaves_is_not_recalled(person, court):
    called_off = hearing(person, court)
    moved = hearing(person, court, days=7)
    factories.make_entry(called_off.case, "hearing_cancelled")
    reminders.remind()
    later = moved.hearing_at + dt.timedelta(days=9)
    factories.make_entry(moved.case, "hearing_changed", hearing_at=later)

    assert sent() == []


def test_the_packaged_texts_are_whole_in_both_languages(court):
    everywhere = HearingAdvice.objects.get(court=None, kind=None)

    assert all(set(texts(everywhere, part)) == {"zh-hant", "en"} for part in ADVICE)
    for row in HearingAdvice.objects.all():
        assert all(len(texts(row, part)) in {0, 2} for part in ADVICE)
        assert row.full_clean() is None


def test_what_editors_changed_is_not_loaded_over(court):
    count = HearingAdvice.objects.count()
    HearingAdvice.objects.filter(court=None, kind=None).update(when_to_come={"zh-hant": "十分鐘前"})

    load()

    assert HearingAdvice.objects.count() == count
    assert HearingAdvice.objects.get(court=None, kind=None).when_to_come == "十分鐘前"


def test_there_is_one_advice_for_a_court_and_kind(court):
    with pytest.raises(IntegrityError), transaction.atomic():
        HearingAdvice.objects.create()


def test_the_number_of_queries_does_not_grow_with_the_mails(court, django_assert_max_num_queries):
    for _ in range(6):
        person = factories.make_user(mails_show_entry=True)
        hearing(person, court, "mediation")
    reminders.remind()
    assert ProgressEntry.objects.count() == CaseAccess.objects.count() == 6

    with django_assert_max_num_queries(40):
        delivery.deliver.call_local()

    assert len(mail.outbox) == 6


def test_the_page_of_the_case_says_the_same_beside_the_next_hearing_and_the_sheet_the_most_needed(
    client, court
):
    load()
    right = factories.make_access(factories.make_user(), factories.make_case(court))
    factories.make_entry(right.case, "preparatory", hearing_at=timezone.now() + dt.timedelta(days=3))
    client.force_login(right.account)

    page = BeautifulSoup(client.get(f"/cases/{right.case.public_id}/").content, "html.parser")
    sheet = BeautifulSoup(client.get(f"/cases/{right.case.public_id}/sheet/").content, "html.parser")

    folded = page.select_one(".next-hearing details")
    assert folded.summary.text == "到庭須知"
    labels = [label.text for label in folded("dt")]
    assert labels[:5] == ["地點", "如何找到法庭", "報到時間", "應攜帶物品", "不能到庭時"]
    assert not sheet.select(".next-hearing details")
    on_paper = sheet.select(".next-hearing dt")
    assert [label.text for label in on_paper] == ["報到時間", "應攜帶物品", "不能到庭時"]


def test_a_case_without_a_hearing_to_come_says_nothing_of_coming(client, court):
    load()
    right = factories.make_access(factories.make_user(), factories.make_case(court))
    factories.make_entry(right.case, "preparatory", hearing_at=timezone.now() - dt.timedelta(days=3))
    client.force_login(right.account)

    assert "到庭須知" not in client.get(f"/cases/{right.case.public_id}/").content.decode()
