"""Rule 3: one address, one account, upper and lower case alike."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.urls import reverse

from cpor_cases.actions import account_activation, applications
from cpor_cases.mail.links import activation_path
from cpor_cases.models import Activation, CaseAccess, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db


def approve(court, clerk, *, same_person=False, **over):
    application = factories.make_application(court, by=clerk, **over)
    return applications.approve(application=application, by=clerk, same_person=same_person)


def activate(granted, name="王大明"):
    token = activation_path(granted.account.activation).rstrip("/").rsplit("/", 1)[-1]
    return account_activation.activate(
        token=token, name=name, username="wang", password=factories.PASSWORD, language="zh-hant"
    )


def kinds_of_mail():
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True))


def test_the_first_approval_makes_the_account_inactive_and_sends_the_link(clerk, court):
    granted = approve(court, clerk)

    assert not granted.account.is_active
    assert not granted.account.has_usable_password()
    assert kinds_of_mail() == ["activation"]


@pytest.mark.parametrize("address", ["wang@example.com", "WANG@Example.COM", " Wang@example.com "])
def test_a_second_approval_in_whatever_case_joins_the_same_account(clerk, court, address):
    first = approve(court, clerk)

    second = approve(court, clerk, email=address)

    assert second.account == first.account
    assert get_user_model().objects.filter(email__iexact="wang@example.com").count() == 1


def test_before_the_activation_a_second_approval_joins_the_same_link(clerk, court):
    first = approve(court, clerk)
    link = activation_path(first.account.activation)

    second = approve(court, clerk)

    assert activation_path(Activation.objects.get()) == link
    assert kinds_of_mail() == ["activation"]
    account = activate(second)
    assert CaseAccess.objects.visible_to(account).count() == 2


def test_after_the_activation_a_second_approval_only_tells_of_the_case(clerk, court):
    activate(approve(court, clerk))

    granted = approve(court, clerk, email="WANG@example.com")

    assert kinds_of_mail() == ["activation", "welcome", "case_added"]
    assert OutgoingMail.objects.get(kind="case_added").occasions.get().access == granted


def test_a_second_paper_for_a_case_that_the_person_follows_already_mails_nothing(clerk, court, client):
    first = approve(court, clerk)
    activate(first)
    mails = kinds_of_mail()
    paper = factories.make_application(case=first.case, by=clerk)
    client.force_login(clerk)
    page = client.get(reverse("office_applications:inspect", args=[paper.pk])).content.decode()

    answer = client.post(reverse("office_applications:approve", args=[paper.pk]), follow=True)

    assert kinds_of_mail() == mails
    paper.refresh_from_db()
    assert (paper.status, paper.account) == ("approved", first.account)
    for body in (page, answer.content.decode()):
        assert "原已可查詢本案" in body


def test_a_verified_second_address_of_an_account_belongs_to_it(clerk, court, litigant):
    litigant.emailaddress_set.create(email="office@example.com", verified=True)

    granted = approve(court, clerk, email="Office@example.com", same_person=True)

    assert granted.account == litigant


def test_the_database_refuses_a_second_account_for_an_address(litigant):
    with pytest.raises(IntegrityError):
        get_user_model().objects.create(username="other", email=litigant.email.upper())


def test_the_database_refuses_two_living_rights_to_one_case(litigant):
    right = factories.make_access(litigant)

    with pytest.raises(IntegrityError):
        CaseAccess.objects.create(account=litigant, case=right.case, application=right.application)
