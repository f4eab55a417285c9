"""A new address is proven before it counts, and the old one is told."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from cpor_cases import outbox
from cpor_cases.address_register import find_by_address
from tests import factories

pytestmark = pytest.mark.django_db

NEW = "new@example.com"


@pytest.fixture
def awake(client, litigant):
    EmailAddress.objects.create(user=litigant, email=litigant.email, verified=True, primary=True)
    client.force_login(litigant)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    return litigant


def ask_for(client, address):
    return client.post("/en/accounts/email/", {"email": address, "action_add": ""})


def link():
    outbox.deliver.call_local()
    letter = next(letter for letter in mail.outbox if letter.to == [NEW])
    return next(word for word in letter.body.split() if "confirm-email/" in word).removeprefix(
        "http://testserver"
    )


@pytest.mark.parametrize("is_logged_in", [True, False])
def test_a_new_address_counts_once_its_link_is_used_and_the_old_one_is_told(client, awake, is_logged_in):
    ask_for(client, "New@Example.com")
    path = link()
    awake.refresh_from_db()
    assert awake.email == "litigant@example.com"
    mail.outbox.clear()

    (client if is_logged_in else Client()).post(path)
    outbox.deliver.call_local()

    awake.refresh_from_db()
    assert awake.email == NEW
    assert [a.email for a in EmailAddress.objects.filter(user=awake, primary=True, verified=True)] == [NEW]
    assert [letter.to for letter in mail.outbox] == [["litigant@example.com"]]
    assert find_by_address("NEW@example.com") == awake


def test_an_address_of_another_account_is_refused_in_a_sentence_upper_and_lower_case_alike(client, awake):
    factories.make_user("other", email="other@example.com", is_active=False)

    page = ask_for(client, "OTHER@example.com").content.decode()

    assert "already" in page
    assert not EmailAddress.objects.filter(email__iexact="other@example.com").exists()


def test_an_address_that_became_another_account_s_meanwhile_stays_there(client, awake):
    ask_for(client, NEW)
    path = link()
    factories.make_user("other", email="NEW@example.com")

    client.post(path)

    awake.refresh_from_db()
    assert awake.email == "litigant@example.com"


def test_a_second_factor_does_not_stand_in_the_way(client, awake):
    TOTP.activate(awake, "JBSWY3DPEHPK3PXP")

    assert ask_for(client, NEW).status_code == 302
