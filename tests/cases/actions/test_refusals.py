"""A refusal by slip: taken back within minutes, or followed by a new decision."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry

from cpor_cases.actions import applications, refusals
from cpor_cases.models import Application, OutgoingMail
from tests.factories import make_application, make_clerk, make_court, make_reason

pytestmark = pytest.mark.django_db
A_MINUTE, AN_HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def refused(court, clerk):
    application = make_application(court, by=clerk, receipt_number="R-7", phone="02-1234")
    applications.refuse(application=application, by=clerk, reason=make_reason("no_standing"))
    application.refresh_from_db()
    return application


def actions_on(application):
    return {entry.action for entry in registry.get_logs_for_instance(application)}


def test_refusal_is_taken_back_within_minutes_and_the_paper_can_be_approved(refused, clerk):
    refusals.take_back(application=refused, by=clerk, now=refused.decided_at + A_MINUTE)

    refused.refresh_from_db()
    assert refused.is_pending
    assert refused.refusal_reason is refused.decided_by is refused.decided_at is None
    assert "cpor_cases.application.take_back_refusal" in actions_on(refused)
    applications.approve(application=refused, by=clerk)
    assert OutgoingMail.objects.count() == 1


def test_refusal_of_an_hour_ago_stays(refused, clerk):
    with pytest.raises(refusals.NotRefused):
        refusals.take_back(application=refused, by=clerk, now=refused.decided_at + AN_HOUR)

    refused.refresh_from_db()
    assert refused.status == Application.Status.REFUSED


def test_later_a_new_decision_names_the_first(refused, clerk):
    anew = refusals.decide_again(application=refused, by=clerk)

    assert anew.earlier == refused
    assert anew.is_pending
    same = ("case", "applicant_name", "role", "email", "phone", "language", "received_on", "receipt_number")
    assert [getattr(anew, name) for name in same] == [getattr(refused, name) for name in same]
    refused.refresh_from_db()
    assert refused.status == Application.Status.REFUSED
    assert "cpor_cases.application.decide_again" in actions_on(refused)
    assert not OutgoingMail.objects.exists()


def test_a_paper_is_decided_again_once_and_then_its_refusal_is_not_taken_back(refused, clerk):
    refusals.decide_again(application=refused, by=clerk)

    for undo in (refusals.decide_again, refusals.take_back):
        with pytest.raises(refusals.NotRefused):
            undo(application=refused, by=clerk)


def test_what_is_not_refused_is_neither_taken_back_nor_decided_again(court, clerk):
    approved, pending = make_application(court, by=clerk), make_application(court, by=clerk)
    applications.approve(application=approved, by=clerk)

    for application in (approved, pending):
        for undo in (refusals.decide_again, refusals.take_back):
            with pytest.raises(refusals.NotRefused):
                undo(application=application, by=clerk)


def test_a_clerk_of_another_court_undoes_nothing(refused):
    elsewhere = make_clerk(make_court("SLD"))

    for undo in (refusals.decide_again, refusals.take_back):
        with pytest.raises(PermissionDenied):
            undo(application=refused, by=elsewhere)


def test_page_of_a_refused_application_offers_the_way_that_is_open(client, clerk, refused):
    client.force_login(clerk)
    ways = [
        reverse(f"office_applications:{name}", args=[refused.pk]) for name in ("take_back", "decide_again")
    ]
    page = reverse("office_applications:inspect", args=[refused.pk])

    def offered():
        body = client.get(page).content.decode()
        return [way in body for way in ways]

    assert offered() == [True, False]
    Application.objects.update(decided_at=timezone.now() - AN_HOUR)
    assert offered() == [False, True]
    answer = client.post(ways[1], follow=True)
    assert offered() == [False, False]
    anew = Application.objects.get(earlier=refused)
    assert answer.redirect_chain[-1][0] == reverse("office_applications:inspect", args=[anew.pk])
    assert page in answer.content.decode()
    assert answer.redirect_chain[-1][0] in client.get(page).content.decode()


def test_refusal_is_taken_back_in_the_office(client, clerk, refused):
    client.force_login(clerk)

    client.post(reverse("office_applications:take_back", args=[refused.pk]))

    refused.refresh_from_db()
    assert refused.is_pending
