"""The code proves an address: derived from the secret key, for one draft, one address and a quarter of an hour."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from cpor_cases.actions import petitions as actions
from cpor_cases.mail import petition_codes
from cpor_cases.models import OutgoingMail, Petition
from tests.support import petitions

NOW = timezone.now()
MINUTES = dt.timedelta(minutes=1)


def test_a_code_is_good_for_a_quarter_of_an_hour_and_not_for_an_hour():
    code = petition_codes.code_of("draft", "a@example.com", NOW)

    assert petition_codes.is_right(code, "draft", "a@example.com", NOW + 15 * MINUTES)
    assert not petition_codes.is_right(code, "draft", "a@example.com", NOW + 31 * MINUTES)


def test_a_code_is_good_for_one_draft_and_one_address():
    code = petition_codes.code_of("draft", "a@example.com", NOW)

    assert not petition_codes.is_right(code, "other", "a@example.com", NOW)
    assert not petition_codes.is_right(code, "draft", "b@example.com", NOW)


@pytest.mark.parametrize("typed", ["{a} {b}", " {a}-{b} ", "{a}{b}\n"])
def test_a_code_may_be_typed_in_groups(typed):
    code = petition_codes.code_of("draft", "a@example.com", NOW)

    assert petition_codes.is_right(typed.format(a=code[:3], b=code[3:]), "draft", "a@example.com", NOW)


@pytest.fixture
def at_the_code(client, court):
    """A browser that is asked for the code."""
    cache.clear()
    role = petitions.prepare(court)
    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, role)
    petitions.answer_person(client)
    return client


pytestmark = pytest.mark.django_db


def test_a_wrong_code_is_told(at_the_code):
    page = petitions.send(at_the_code, "code", code="000000").content.decode()

    assert "驗證碼不正確，或已逾有效時間" in page


def test_codes_cannot_be_guessed(at_the_code):
    """Ten tries in an hour for an address, from whatever browser; the right one is not taken after them either."""
    right = petitions.latest_code()
    for each in range(10):
        petitions.send(at_the_code, "code", code=f"{(int(right) + 1 + each) % 10**6:06d}")

    page = petitions.send(at_the_code, "code", code=right).content.decode()

    assert "輸入驗證碼的次數過多" in page


def test_an_address_gets_few_codes(at_the_code):
    for _ in range(8):
        petitions.send(at_the_code, "code", again="1")

    assert OutgoingMail.objects.count() == 4


def test_coming_back_to_the_same_address_sends_no_second_code(at_the_code):
    petitions.answer_person(at_the_code)

    assert OutgoingMail.objects.count() == 1


def test_whom_no_code_reaches_goes_on_without(at_the_code):
    petitions.send(at_the_code, "code", without="1")
    petitions.send(at_the_code, "check")

    assert not Petition.objects.get().is_address_proved


def test_another_address_is_proved_anew(at_the_code):
    petitions.send(at_the_code, "code", code=petitions.latest_code())

    petitions.answer_person(at_the_code, address="other@example.com")

    assert at_the_code.get(reverse("petitions:check")).url == reverse("petitions:code")


def test_nothing_but_the_row_of_the_mail_is_stored_and_that_holds_no_code(at_the_code):
    code = petitions.latest_code()

    [mail] = OutgoingMail.objects.values()

    assert code not in str(mail)
    assert code not in str(dict(at_the_code.session))


def test_a_code_that_waited_too_long_is_not_sent(at_the_code):
    OutgoingMail.objects.update(created_at=NOW - 40 * MINUTES)

    from cpor_cases.mail.delivery import deliver_all

    assert deliver_all() == 0
    assert OutgoingMail.objects.get().state == OutgoingMail.State.DROPPED


def test_the_code_is_read_by_the_action(at_the_code):
    draft = at_the_code.session["petition_draft"]["key"]

    assert actions.is_right_code(petitions.latest_code(), draft=draft, address="WANG@example.com")
