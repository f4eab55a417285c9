"""Rule 1: only an approved application opens a case to an account."""

import datetime as dt

import pytest
from django.core import mail

from cpor_cases.actions import applications, entitlement
from cpor_cases.actions.entitlement import Obstacle
from cpor_cases.models import Application, CaseAccess, OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_approved_application_opens_its_case_to_the_account(clerk, court):
    application = factories.make_application(court, by=clerk)

    granted = applications.approve(application=application, by=clerk)

    assert granted.case == application.case
    assert granted.account.email == "wang@example.com"


def test_a_pending_application_opens_nothing(clerk, court):
    factories.make_application(court, by=clerk)

    assert not CaseAccess.objects.exists()


@pytest.mark.parametrize(
    ("changed", "obstacle"),
    [
        ({"email": ""}, Obstacle.NO_EMAIL),
        ({"role": "unentitled"}, Obstacle.ROLE_NOT_ENTITLED),
        ({"role": "of another category"}, Obstacle.ROLE_NOT_ENTITLED),
    ],
)
def test_no_email_or_no_entitled_role_cannot_be_approved(clerk, court, changed, obstacle):
    roles = {
        "unentitled": factories.make_role("被害人", is_entitled=False),
        "of another category": factories.make_role("自訴人", category="criminal"),
    }
    facts = {key: roles.get(value, value) if key == "role" else value for key, value in changed.items()}
    application = factories.make_application(court, by=clerk, **facts)

    with pytest.raises(applications.Forbidden) as forbidden:
        applications.approve(application=application, by=clerk)

    assert forbidden.value.obstacles == [obstacle]
    assert not CaseAccess.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("word", "received_on", "is_open"),
    [
        ({"openness": "yes"}, "2026-09-24", True),
        ({"openness": "no"}, "2026-09-24", False),
        ({"openness": "unclear"}, "2026-09-24", False),
        ({"open_from": dt.date(2026, 9, 25)}, "2026-09-24", False),
        ({"open_from": dt.date(2026, 9, 24)}, "2026-09-24", True),
        ({"open_until": dt.date(2026, 9, 24)}, "2026-09-24", True),
        ({"open_until": dt.date(2026, 9, 23)}, "2026-09-24", False),
        ({"court_tier": "high"}, "2026-09-24", False),
    ],
)
def test_the_word_must_have_been_open_at_that_court_on_the_day_received(
    clerk, court, word, received_on, is_open
):
    case = factories.make_case(court, word="勞訴")
    application = factories.make_application(
        case=case, by=clerk, received_on=dt.date.fromisoformat(received_on)
    )
    case_word = factories.make_word("勞訴")
    for name, value in word.items():
        setattr(case_word, name, value)
    case_word.save()

    obstacles = entitlement.obstacles_of(application)

    assert (obstacles == []) is is_open


def test_a_juvenile_and_family_court_uses_the_family_words_of_a_district_court_only(db):
    court = factories.make_court("KSY", tier="juvenile_family")
    factories.make_word("婚", category="family")
    factories.make_word("訴", category="civil")
    facts = {"court": court, "role": None, "email": "a@example.com", "received_on": dt.date(2026, 9, 24)}

    assert entitlement.find_obstacles(category="family", word="婚", **facts) == []
    assert entitlement.find_obstacles(category="civil", word="訴", **facts) == [Obstacle.WORD_UNKNOWN]


def test_a_refusal_has_a_reason_from_the_list_and_sends_nothing(clerk, court, make_mails_leave):
    application = factories.make_application(court, by=clerk)
    reason = factories.make_reason()

    make_mails_leave(lambda: applications.refuse(application=application, by=clerk, reason=reason))

    application.refresh_from_db()
    assert application.status == Application.Status.REFUSED
    assert application.refusal_reason == reason
    assert not OutgoingMail.objects.exists()
    assert mail.outbox == []


def test_an_application_is_decided_once(clerk, court):
    application = factories.make_application(court, by=clerk)
    applications.refuse(application=application, by=clerk, reason=factories.make_reason())

    with pytest.raises(applications.NotPending):
        applications.approve(application=application, by=clerk)
