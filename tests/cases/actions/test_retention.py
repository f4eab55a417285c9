"""Names and addresses are kept no longer than needed (law of the house, 9)."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from cpor_cases.actions import access, applications, closing, retention
from cpor_cases.models import Application, CaseAccess, CourtLogEntry, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def later(**delta):
    return NOW + dt.timedelta(**delta)


def test_a_refused_application_goes_after_six_months(clerk, court):
    application = factories.make_application(court, by=clerk)
    applications.refuse(application=application, by=clerk, reason=factories.make_reason())

    retention.purge_expired(later(days=170))
    assert Application.objects.exists()

    assert retention.purge_expired(later(days=190))["refused applications"] == 1
    assert not Application.objects.exists()


def test_an_ended_access_loses_name_address_and_looks_after_six_months(client, clerk, court, litigant):
    right = factories.make_access(litigant, factories.make_case(court))
    client.force_login(litigant)
    client.get("/cases/")
    access.revoke(access=right, by=clerk)

    retention.purge_expired(later(days=190))

    right.application.refresh_from_db()
    assert (right.application.applicant_name, right.application.email) == ("", "")
    assert not CourtLogEntry.objects.filter(action="cpor_cases.case.view").exists()
    assert CaseAccess.objects.get().end_reason == CaseAccess.EndReason.REVOKED


def test_a_living_access_keeps_its_name(litigant):
    right = factories.make_access(litigant)

    retention.purge_expired(later(days=800))

    right.application.refresh_from_db()
    assert right.application.applicant_name == "王大明"


def test_a_sent_mails_address_goes_after_twelve_months(litigant):
    OutgoingMail.objects.create(
        kind="account_notice",
        account=litigant,
        address=litigant.email,
        state="failed",
        ended_at=NOW,
        last_answer=f"550 no {litigant.email}",
    )

    retention.purge_expired(later(days=360))
    assert OutgoingMail.objects.get().address

    retention.purge_expired(later(days=370))
    assert (OutgoingMail.objects.get().address, OutgoingMail.objects.get().last_answer) == ("", "")


def test_an_account_that_never_woke_is_emptied_after_six_months_and_its_address_is_free_again(clerk, court):
    applications.approve(application=factories.make_application(court, by=clerk), by=clerk)

    retention.purge_expired(later(days=200))

    assert not get_user_model().objects.filter(email="wang@example.com").exists()
    assert CaseAccess.objects.get().end_reason == CaseAccess.EndReason.NEVER_ACTIVATED
    assert Application.objects.get().email == ""
    again = applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    assert again.account.email == "wang@example.com"


def test_purging_twice_does_no_harm(clerk, court):
    applications.approve(application=factories.make_application(court, by=clerk), by=clerk)
    retention.purge_expired(later(days=200))

    assert set(retention.purge_expired(later(days=200)).values()) == {0}


def test_a_closed_account_is_forgotten_after_six_months(litigant):
    right = factories.make_access(litigant)
    closing.close(account=litigant, now=NOW)
    before = litigant.email

    retention.purge_expired(later(days=170))
    litigant.refresh_from_db()
    assert litigant.email == before

    assert retention.purge_expired(later(days=190))["closed accounts"] == 1
    litigant.refresh_from_db()
    right.application.refresh_from_db()
    assert (litigant.email, right.application.applicant_name, right.application.email) == ("", "", "")
    assert not OutgoingMail.objects.exclude(address="").exists()
    assert retention.purge_expired(later(days=190))["closed accounts"] == 0


def test_after_that_the_address_begins_anew(litigant, court):
    factories.make_access(litigant)
    address = litigant.email
    closing.close(account=litigant, now=NOW)
    retention.purge_expired(later(days=190))
    factories.make_word("訴")
    clerk = factories.make_clerk(court)
    paper = factories.make_application(court, by=clerk, email=address)

    granted = applications.approve(application=paper, by=clerk)

    assert granted.account != litigant
    assert granted.account.email == address


def test_a_closed_account_called_back_by_an_approval_is_kept(litigant, court):
    closing.close(account=litigant, now=NOW)
    factories.make_word("訴")
    clerk = factories.make_clerk(court)
    paper = factories.make_application(court, by=clerk, email=litigant.email)
    applications.approve(application=paper, by=clerk, now=later(days=180))

    assert retention.purge_expired(later(days=190))["closed accounts"] == 0

    litigant.refresh_from_db()
    assert litigant.email
