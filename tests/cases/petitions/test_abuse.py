"""What somebody who wants to harm can try with the steps to a petition, its codes and its numbers."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from cpor_cases.models import OutgoingMail, Petition
from cpor_cases.petitions import sheets
from cpor_core.pdf import html_writer
from tests.support import petitions

pytestmark = pytest.mark.django_db

DIRECTIONS = "\u202e\u2066\u200f\u202d"


@pytest.fixture
def role(court):
    cache.clear()
    return petitions.prepare(court)


@pytest.fixture
def at_the_address(client, court, role):
    """A browser that is asked for the address."""
    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, role)
    petitions.send(client, "name", name="王大明")
    return client


def in_another_browser(client, key: str):
    """Return a browser that somebody else uses with a session key that was known or planted."""
    other = client.__class__()
    other.cookies["sessionid"] = key
    return other


def test_a_session_key_planted_before_shows_nothing_of_what_is_typed(client, court, role):
    client.post(reverse("petitions:start"))
    planted = client.session.session_key

    client.post(reverse("petitions:start"))
    petitions.answer_case(client, court, role)
    petitions.send(client, "name", name="王大明")

    page = in_another_browser(client, planted).get(reverse("petitions:name"))
    assert page.url == reverse("petitions:start")


def test_a_session_key_known_before_opens_no_finished_petition(at_the_address):
    known = at_the_address.session.session_key
    petitions.answer_person(at_the_address)
    petitions.send(at_the_address, "code", without="1")
    petitions.send(at_the_address, "check")
    made = Petition.objects.get()

    other = in_another_browser(at_the_address, known)

    assert other.get(reverse("petitions:finished")).url == reverse("petitions:status")
    assert other.get(reverse("petitions:pdf", args=[made.number])).url == reverse("petitions:status")
    assert "王大明" in at_the_address.get(reverse("petitions:finished")).content.decode()


def test_a_draft_is_not_opened_by_a_number(at_the_address, client):
    petitions.answer_person(at_the_address)
    petitions.send(at_the_address, "code", without="1")
    petitions.send(at_the_address, "check")

    other = client.__class__()

    assert other.get(reverse("petitions:check")).url == reverse("petitions:start")
    assert other.get(reverse("petitions:pdf", args=[Petition.objects.get().number])).status_code == 302


def test_a_mailbox_gets_few_codes_under_whatever_tags(at_the_address):
    for each in range(8):
        petitions.send(at_the_address, "email", address=f"victim+{each}@example.com", language="en")

    assert OutgoingMail.objects.count() == 4


@pytest.mark.parametrize("step", ["start", "name", "email", "code", "check", "delete", "status"])
def test_every_step_asks_for_the_token_of_its_page(client, step):
    strict = client.__class__(enforce_csrf_checks=True)

    assert strict.post(reverse(f"petitions:{step}")).status_code == 403


def test_a_name_cannot_turn_the_words_beside_it(at_the_address):
    petitions.send(at_the_address, "name", name=f"王{DIRECTIONS}大明\u2028\x07", phone=f"02{DIRECTIONS}23")

    draft = at_the_address.session["petition_draft"]
    assert (draft["name"], draft["phone"]) == ("王大明", "0223")


@pytest.mark.parametrize("name", ["...", "\u3164", DIRECTIONS, "　", "\x00王", "王" * 101])
def test_what_is_no_name_is_refused(at_the_address, name):
    response = petitions.send(at_the_address, "name", name=name)

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "<script>alert(1)</script>",
        "{court:x}[role=被告]**粗**____",
        "\ue000王\ue001",
        "👩‍👩‍👧王",
        "𠮷",
    ],
)
def test_a_name_is_printed_as_typed_and_never_read(at_the_address, name):
    petitions.send(at_the_address, "name", name=name)
    petitions.answer_person(at_the_address, name=name)
    petitions.send(at_the_address, "code", without="1")
    petitions.send(at_the_address, "check")

    sheet = html_writer.body(sheets.sheet_of(Petition.objects.get()))

    assert "<script" not in sheet
    assert "粗</b>" not in sheet
    assert at_the_address.get(reverse("petitions:finished")).status_code == 200


@pytest.mark.parametrize(
    "typed",
    ["9" * 100_000, "115年度訴字第" + "1" * 5000 + "號", "(" * 50_000, "😀" * 9000, "\u202e115訴1", "\x00"],
)
@pytest.mark.parametrize("step", ["number", "email", "code", "status"])
def test_long_and_odd_text_is_answered(at_the_address, step, typed):
    if step == "code":
        petitions.answer_person(at_the_address)
    place = [1] if step == "number" else []
    fields = {"number": typed, "address": typed, "code": typed, "division": typed, "language": "en"}

    response = petitions.send(at_the_address, step, *place, **fields)

    assert response.status_code in (200, 302)
