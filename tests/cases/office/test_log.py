"""The log of a court's rows: whose it is, and what it does not say."""

import pytest
from wagtail.log_actions import log, registry

from cpor_cases.actions import applications
from cpor_cases.models import CourtLogEntry
from tests.factories import make_application, make_clerk, make_court

pytestmark = pytest.mark.django_db


def test_log_keeps_court_and_no_name():
    court = make_court("TPD")
    clerk = make_clerk(court)
    application = make_application(court, by=clerk, applicant_name="王大明")

    applications.approve(application=application, by=clerk)

    entries = registry.get_logs_for_instance(application)
    assert {entry.action for entry in entries} == {"wagtail.create", "cpor_cases.application.approve"}
    assert {entry.court for entry in entries} == {court}
    assert not any("王大明" in entry.label for entry in entries)


@pytest.mark.parametrize("facts", [{"group": "Clerks"}, {"group": "Court managers"}, {"is_superuser": True}])
def test_wagtails_reports_are_no_second_way_to_the_log(facts):
    here = make_court("TPD")
    log(instance=make_application(here), action="cpor_cases.application.edit")

    assert not CourtLogEntry.objects.viewable_by_user(make_clerk(here, **facts)).exists()
