"""From the first question to the finished petition."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as mailbox
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cpor_cases.mail.delivery import deliver_all
from cpor_cases.models import OutgoingMail, Petition, PetitionCounter
from tests import factories
from tests.support import petitions

pytestmark = pytest.mark.django_db


@pytest.fixture
def role(court):
    return petitions.prepare(court)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_what_was_typed_is_the_petition(client, court, role):
    [petition] = petitions.fill_in(client, court, role)

    assert str(petition.case_number) == "115年度訴字第123號"
    assert (petition.court, petition.category, petition.role) == (court, "civil", role)
    assert (petition.applicant_name, petition.phone) == ("王大明", "0912-345-678")
    assert (petition.address, petition.language) == (petitions.ADDRESS, "zh-hant")
    assert petition.is_address_proved
    assert petition.expires_at - petition.made_at == dt.timedelta(days=30)


def test_each_step_leads_to_the_next(client, court, role):
    assert client.post(reverse("petitions:start")).url == reverse("petitions:court", args=[1])
    # One kind of case alone is at this court: that question is not asked.
    assert petitions.send(client, "court", 1, court=court.pk).url == reverse("petitions:category", args=[1])
    response = client.get(reverse("petitions:category", args=[1]))

    assert response.url == reverse("petitions:number", args=[1])
    assert petitions.send(client, "number", 1, number="115訴123").url == reverse("petitions:role", args=[1])
    assert petitions.send(client, "role", 1, role=role.pk).url == reverse("petitions:name")


def test_whoever_skips_a_step_is_led_back(client, court, role):
    client.post(reverse("petitions:start"))

    response = client.get(reverse("petitions:check"))

    assert response.url == reverse("petitions:court", args=[1])


def test_without_a_draft_every_page_leads_to_the_start(client, court, role):
    response = petitions.send(client, "name", name="王大明")

    assert response.url == reverse("petitions:start")
    assert "超過半小時沒有動作" in text_of(client.get(response.url))


def test_an_error_loses_nothing(client, court, role):
    client.post(reverse("petitions:start"))
    petitions.send(client, "court", 1, court=court.pk)
    petitions.send(client, "category", 1, category="civil")

    page = text_of(petitions.send(client, "number", 1, number="第一百號", division="孝股"))

    assert 'value="第一百號"' in page
    assert 'value="孝股"' in page
    assert "<title>錯誤" in page
    assert 'href="#id_number"' in page


def test_a_number_of_another_court_is_noticed(client, court, other_court, role):
    client.post(reverse("petitions:start"))
    petitions.send(client, "court", 1, court=court.pk)
    petitions.send(client, "category", 1, category="civil")

    page = text_of(petitions.send(client, "number", 1, number="臺灣士林地方法院115年度訴字第1號"))

    assert "臺灣士林地方法院" in page


@pytest.mark.parametrize("openness", ["no", "unclear"])
def test_a_word_that_is_not_open_is_told_at_once(client, court, role, openness):
    factories.make_word("司執", openness=openness)
    client.post(reverse("petitions:start"))
    petitions.send(client, "court", 1, court=court.pk)
    petitions.send(client, "category", 1, category="civil")

    response = petitions.send(client, "number", 1, number="115司執7")

    assert response.url == reverse("petitions:not_covered", args=[1])
    assert "「司執」字別的案件，目前不在本服務開放查詢的範圍" in text_of(client.get(response.url))
    assert client.get(reverse("petitions:role", args=[1])).url == reverse("petitions:number", args=[1])


def test_nothing_entered_says_whether_a_case_exists(client, court, role):
    factories.make_case(court, number=123)
    client.post(reverse("petitions:start"))
    petitions.send(client, "court", 1, court=court.pk)
    petitions.send(client, "category", 1, category="civil")
    pages = []

    for number in ("115訴123", "115訴124"):
        petitions.send(client, "number", 1, number=number)
        page = text_of(client.get(reverse("petitions:role", args=[1])))
        pages.append(page.replace("第124號", "第123號").partition("csrfmiddlewaretoken")[0])

    assert pages[0] == pages[1]


def test_only_entitled_roles_can_be_chosen(client, court, role):
    other = factories.make_role("複代理人", is_entitled=False)
    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, other)

    assert "複代理人" not in text_of(client.get(reverse("petitions:role", args=[1])))
    assert client.get(reverse("petitions:name")).url == reverse("petitions:role", args=[1])


def test_a_petition_without_a_number_goes_with_the_complaint(client, court, role):
    [petition] = petitions.fill_in(client, court, role, number="")

    assert petition.case_number is None
    assert petition.is_with_complaint


def test_several_cases_are_several_petitions_of_one_person(client, court, other_court, role):
    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, role)
    petitions.answer_person(client)
    petitions.send(client, "code", code=petitions.latest_code())
    assert petitions.send(client, "check", add="1").url == reverse("petitions:court", args=[2])

    response = petitions.answer_case(client, other_court, role, place=2, number="115訴9")

    assert response.url == reverse("petitions:check")
    petitions.send(client, "check")
    assert [each.court for each in Petition.objects.order_by("pk")] == [court, other_court]
    assert len(mailbox.outbox) == 1
    page = text_of(client.get(reverse("petitions:finished")))
    assert page.count('class="court-sheet"') == 2


def test_a_form_sent_twice_makes_one_petition(client, court, role):
    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, role)
    petitions.answer_person(client)
    petitions.send(client, "code", code=petitions.latest_code())

    first, second = (petitions.send(client, "check", form_token="t") for _ in range(2))

    assert first.url == second.url == reverse("petitions:finished")
    assert Petition.objects.count() == 1


def test_what_was_typed_can_be_deleted(client, court, role):
    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, role)
    petitions.answer_person(client)

    client.post(reverse("petitions:delete"))

    assert client.get(reverse("petitions:name")).url == reverse("petitions:start")
    assert "王大明" not in str(dict(client.session))


def test_a_closed_petition_stays_for_the_court_and_a_discarded_one_does_not(client, court, role):
    petitions.fill_in(client, court, role)
    client.post(reverse("petitions:delete"))
    assert client.get(reverse("petitions:finished")).url == reverse("petitions:status")
    assert Petition.objects.count() == 1

    petitions.fill_in(client, court, role, number="115訴9")
    client.post(reverse("petitions:delete"), {"discard": "1"})

    assert Petition.objects.count() == 1


def test_no_page_may_be_stored(client, court, role):
    client.post(reverse("petitions:start"))

    assert "no-store" in client.get(reverse("petitions:court", args=[1])).headers["Cache-Control"]


def test_a_petition_of_another_browser_cannot_be_opened(client, court, role):
    [petition] = petitions.fill_in(client, court, role)
    other = client.__class__()

    for address in (reverse("petitions:pdf", args=[petition.number]), reverse("petitions:finished")):
        assert other.get(address).url == reverse("petitions:status")


def test_people_are_counted_at_each_step_once_and_nobody_is_kept(client, court, role):
    petitions.fill_in(client, court, role)

    reached = dict(PetitionCounter.objects.values_list("step", "reached"))

    month = timezone.localdate().replace(day=1)
    assert set(PetitionCounter.objects.values_list("month", flat=True)) == {month}
    assert reached["role"] == reached["check"] == reached["finished"] == 1


def test_staff_people_with_accounts_and_others_get_the_same_answers(client, court, clerk, litigant, role):
    """Whether an address has an account is told nowhere."""
    pages = []
    for address in (clerk.email, litigant.email, "nobody@example.com"):
        client.post(reverse("petitions:start"))
        petitions.answer_case(client, court, role)
        petitions.answer_person(client, address=address)
        deliver_all()
        pages.append(text_of(client.get(reverse("petitions:code"))).replace(address, "…"))

    assert len({page.partition("csrfmiddlewaretoken")[0] for page in pages}) == 1
    assert [each.to for each in mailbox.outbox] == [
        [clerk.email],
        [litigant.email],
        ["nobody@example.com"],
    ]


def test_the_mail_comes_first_and_says_neither_case_nor_person(client, court, role):
    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, role)
    petitions.answer_person(client, language="en")

    mail = OutgoingMail.objects.get()
    deliver_all()

    sent = mailbox.outbox[-1]
    assert mail.priority == 0
    assert sent.subject == "Your code for the petition"
    for text in (sent.body, sent.subject, str(mail.about)):
        assert not [word for word in ("王大明", "訴", court.name, "123號") if word in text]


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_page_can_be_read_in_both_languages(client, court, role, language):
    with translation.override(language):
        start = reverse("petitions:start")
        pages = [client.get(start)]
        client.post(start)
        petitions.answer_case(client, court, role)
        pages += [client.get(reverse(f"petitions:{step}", args=[1])) for step in ("court", "number", "role")]
        petitions.answer_person(client, language=language)
        steps = ("name", "email", "code", "check", "status", "no_email", "start")
        petitions.send(client, "code", code=petitions.latest_code())
        pages += [client.get(reverse(f"petitions:{step}")) for step in steps if step != "code"]
        petitions.send(client, "check", add="1")
        petitions.send(client, "check")
        pages.append(client.get(reverse("petitions:check"), follow=True))

    for page in pages:
        assert page.status_code == 200, page.request["PATH_INFO"]
        text = text_of(page)
        assert f'<html lang="{"zh-Hant" if language == "zh-hant" else "en"}">' in text


def test_the_check_shows_everything_with_a_way_to_change_it(client, court, role):
    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, role)
    petitions.answer_person(client)
    petitions.send(client, "code", code=petitions.latest_code())

    page = text_of(client.get(reverse("petitions:check")))

    for said in (
        court.name,
        "民事",
        "115年度訴字第123號",
        "當事人",
        "王大明",
        petitions.ADDRESS,
        "信箱已驗證",
    ):
        assert said in page
    for step in ("court", "category", "number", "role"):
        assert reverse(f"petitions:{step}", args=[1]) in page
    for step in ("name", "email"):
        assert reverse(f"petitions:{step}") in page


def test_an_answer_that_is_changed_leads_back_to_the_check(client, court, role):
    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, role)
    petitions.answer_person(client)
    petitions.send(client, "code", code=petitions.latest_code())

    assert petitions.send(client, "name", name="李小華").url == reverse("petitions:check")
    assert petitions.send(client, "number", 1, number="114訴5").url == reverse("petitions:check")


def test_a_storm_of_forms_is_bounded(court, role):
    """From one internet address: what is beyond the limit makes no session and no email."""
    cache.clear()
    start = reverse("petitions:start")

    answers = [Client().post(start).status_code for _ in range(150)]

    assert (answers.count(302), answers.count(429)) == (120, 30)
    assert Session.objects.count() == 120


def test_few_petitions_can_be_made_from_one_internet_address(client, court, role, settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"petition_make": "2/h/ip"}
    for number in ("115訴1", "115訴2"):
        petitions.fill_in(client, court, role, number=number)

    petitions.fill_in(client, court, role, number="115訴3")

    assert Petition.objects.count() == 2
