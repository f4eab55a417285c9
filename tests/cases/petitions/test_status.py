"""“Where is my petition?” answers whoever has its number and its address, and tells everybody else nothing."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from cpor_cases.actions import applications, refusals
from cpor_cases.models import Application
from cpor_core import petition_numbers
from tests import factories
from tests.support import petitions

pytestmark = pytest.mark.django_db


@pytest.fixture
def petition(client, court):
    cache.clear()
    [petition] = petitions.fill_in(client, court, petitions.prepare(court))
    return petition


def ask(client, number, address=petitions.ADDRESS, **more) -> str:
    response = client.post(reverse("petitions:status"), {"number": number, "address": address} | more)
    return " ".join(response.content.decode().split())


def receive(petition, clerk) -> Application:
    application = factories.make_application(petition.court, by=clerk, email=petition.address)
    application.petition = petition
    application.save()
    return application


def test_not_yet_received(client, petition):
    assert "法院尚未收到" in ask(client, petition.grouped_number)


def test_received(client, petition, clerk):
    receive(petition, clerk)

    assert "書記官審核中" in ask(client, petition.number)


def test_approved(client, petition, clerk):
    applications.approve(application=receive(petition, clerk), by=clerk)

    assert "法院已核准" in ask(client, petition.number)


def test_not_accepted_with_its_reason(client, petition, clerk):
    reason = factories.make_reason()
    application = receive(petition, clerk)
    applications.refuse(application=application, by=clerk, reason=reason)

    page = ask(client, petition.number)

    assert "法院無法受理" in page
    assert reason.name in page


def test_decided_again(client, petition, clerk):
    application = receive(petition, clerk)
    applications.refuse(application=application, by=clerk, reason=factories.make_reason())
    application.refresh_from_db()

    refusals.decide_again(application=application, by=clerk)

    assert "書記官審核中" in ask(client, petition.number)


def test_number_and_address_may_be_typed_any_way(client, petition):
    typed = petition.grouped_number.replace("-", " ").translate(
        {ord(str(each)): chr(0xFF10 + each) for each in range(10)}
    )

    assert "法院尚未收到" in ask(client, typed, " WANG@Example.com ")


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("right", "other@example.com"),
        ("wrong", petitions.ADDRESS),
        ("mistyped", petitions.ADDRESS),
        ("x\x00", "y\x00"),
    ],
)
def test_whatever_does_not_fit_is_answered_alike(client, petition, number, address):
    numbers = {
        "right": petition.number,
        "wrong": petition_numbers.make(),
        "mistyped": petition.number[:-1] + str((int(petition.number[-1]) + 1) % 10),
    }

    page = ask(client, numbers.get(number, number), address)

    assert "查無符合這個編號及信箱的聲請狀" in page
    assert "王大明" not in page


def test_numbers_cannot_be_enumerated(client, petition):
    answers = [
        client.post(reverse("petitions:status"), {"number": "1", "address": "a@example.com"}).status_code
        for _ in range(25)
    ]

    assert answers == [200] * 20 + [429] * 5


def test_numbers_are_not_in_sequence_and_typing_errors_are_noticed():
    numbers = {petition_numbers.make() for _ in range(200)}

    assert len(numbers) == 200
    for number in list(numbers)[:20]:
        for place in range(10):
            for digit in "0123456789":
                wrong = number[:place] + digit + number[place + 1 :]
                assert (petition_numbers.parse(wrong) == number) == (wrong == number)
                assert petition_numbers.parse(wrong) in (None, number)
        for place in range(9):
            swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            assert petition_numbers.parse(swapped) in (None, number)


def test_a_petition_can_be_printed_from_another_browser(client, petition):
    other = client.__class__()

    other.post(
        reverse("petitions:status"),
        {"number": petition.number, "address": petitions.ADDRESS, "print": "1"},
    )

    assert petition.grouped_number in other.get(reverse("petitions:finished")).content.decode()
