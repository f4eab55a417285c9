"""A manager makes and revokes the tokens of the court's system."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from cpor_cases.models import ApiToken
from tests.factories import make_token

pytestmark = pytest.mark.django_db

SECRET = re.compile(rb"cpor_[0-9a-f]{64}")


@pytest.fixture
def office(client, manager):
    """The client, logged in as the manager of TPD."""
    client.force_login(manager)
    return client


def issue(client, court, label="Case system"):
    return client.post(reverse("office_tokens:add"), {"court": court.pk, "label": label})


def test_the_secret_is_shown_once(office, court, caplog):
    answer = issue(office, court)

    secret = SECRET.search(answer.content)[0].decode()
    assert ApiToken.objects.of_secret(secret).get().label == "Case system"
    assert "no-store" in answer["Cache-Control"]
    assert not SECRET.search(office.get(reverse("office_tokens:index")).content)
    assert secret not in str([session.get_decoded() for session in Session.objects.all()])
    assert secret not in caplog.text


def test_the_same_page_sent_twice_makes_one_token(office, court):
    issue(office, court)

    answer = issue(office, court)

    assert answer.context["form"].errors["label"]
    assert not SECRET.search(answer.content)
    assert ApiToken.objects.count() == 1


def test_the_list_tells_what_is_needed_to_know_a_token_again(office, court):
    token, _secret = make_token(court, label="Case system")

    page = office.get(reverse("office_tokens:index")).content.decode()

    assert token.prefix in page
    assert "Case system" in page
    assert token.secret_hash not in page


def test_revoking_asks_first(office, court):
    token, _secret = make_token(court)
    address = reverse("office_tokens:revoke", args=[token.pk])

    assert token.prefix in office.get(address).content.decode()
    assert ApiToken.objects.active().exists()

    office.post(address)
    assert not ApiToken.objects.active().exists()
    assert address not in office.get(reverse("office_tokens:index")).content.decode()


def test_a_manager_makes_none_for_another_court(office, other_court):
    answer = issue(office, other_court)

    assert answer.context["form"].errors["court"]
    assert not ApiToken.objects.exists()


def test_a_clerk_has_no_business_with_tokens(client, clerk, court):
    client.force_login(clerk)
    token, _secret = make_token(court)

    for name in ("index", "add"):
        assert client.get(reverse(f"office_tokens:{name}")).url == reverse("wagtailadmin_home")
    assert client.post(reverse("office_tokens:revoke", args=[token.pk])).status_code == 404
    issue(client, court)
    assert ApiToken.objects.get().is_active


def test_the_list_takes_the_same_queries_however_long(office, court, django_assert_max_num_queries):
    make_token(court)
    office.get(reverse("office_tokens:index"))
    with django_assert_max_num_queries(100) as few:
        office.get(reverse("office_tokens:index"))

    for _ in range(5):
        make_token(court)

    with django_assert_max_num_queries(len(few)):
        office.get(reverse("office_tokens:index"))
