"""A petition that nobody hands in is deleted after 30 days; one that was decided on, 30 days after the decision."""

import datetime as dt

import pytest
from django.utils import timezone

from cpor_cases.actions import applications
from cpor_cases.actions.retention import purge_expired
from cpor_cases.models import Application, OutgoingMail, Petition
from tests import factories
from tests.support import petitions

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


@pytest.fixture
def petition(client, court):
    [petition] = petitions.fill_in(client, court, petitions.prepare(court))
    return petition


def test_one_that_nobody_handed_in(petition):
    purge_expired(in_days(29))
    assert Petition.objects.exists()

    purge_expired(in_days(31))

    assert not Petition.objects.exists()
    assert not OutgoingMail.objects.filter(kind="petition_code").exists()


def test_one_that_is_not_decided_yet_stays(petition, clerk):
    factories.make_application(petition.court, by=clerk)
    Application.objects.update(petition=petition)

    purge_expired(in_days(60))

    assert Petition.objects.exists()


def test_one_that_was_decided_on(petition, clerk):
    application = factories.make_application(petition.court, by=clerk)
    Application.objects.update(petition=petition)
    applications.refuse(application=application, by=clerk, reason=factories.make_reason())

    purge_expired(in_days(31))

    assert not Petition.objects.exists()
    assert Application.objects.get().petition is None
