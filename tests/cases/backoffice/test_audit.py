"""The audit: who did what and looked at what, for the court's manager alone."""

import pytest
from django.urls import reverse
from wagtail.log_actions import log

from cpor_cases.actions import applications
from tests.factories import make_application, make_case

pytestmark = pytest.mark.django_db

URL = "desk_audit:index"


@pytest.fixture
def deeds(court, other_court, clerk, clerk_elsewhere, litigant):
    applications.approve(application=make_application(court, by=clerk), by=clerk)
    make_application(other_court, by=clerk_elsewhere)
    log(instance=make_case(court, number=4321), action="cpor_cases.case.view", user=litigant)


def found(client, **query):
    return [entry.action for entry in client.get(reverse(URL), query).context["object_list"]]


def test_manager_sees_the_deeds_of_the_court_alone(client, manager, deeds, court):
    client.force_login(manager)

    entries = client.get(reverse(URL)).context["object_list"]

    assert {entry.court for entry in entries} == {court}
    assert len(entries) == 4


def test_clerk_does_not_read_the_audit(desk, deeds):
    assert desk.get(reverse(URL)).status_code in {302, 403}


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({"q": "115訴4321"}, ["cpor_cases.case.view"]),
        ({"person": "litigant"}, ["cpor_cases.case.view"]),
        ({"action": "cpor_cases.application.approve"}, ["cpor_cases.application.approve"]),
        ({"timestamp_to": "100/01/01"}, []),
    ],
)
def test_audit_is_filtered_by_case_person_deed_and_period(client, manager, deeds, query, actions):
    client.force_login(manager)

    assert found(client, **query) == actions


def test_audit_is_downloaded_as_it_is_filtered(client, manager, deeds):
    client.force_login(manager)

    text = client.get(reverse("desk_audit:export"), {"person": "litigant"}).content.decode("utf-8-sig")

    assert len(text.splitlines()) == 2
    assert "115年度訴字第4321號" in text


def test_nobody_changes_the_audit(client, manager, deeds):
    client.force_login(manager)

    assert client.post(reverse(URL)).status_code == 405
    assert client.delete(reverse(URL)).status_code == 405


def test_audit_asks_a_constant_number_of_questions(
    client, manager, court, clerk, deeds, django_assert_max_num_queries
):
    client.force_login(manager)
    client.get(reverse(URL))
    with django_assert_max_num_queries(100) as few:
        client.get(reverse(URL))
    for _each in range(10):
        make_application(court, by=clerk)

    with django_assert_max_num_queries(len(few)):
        client.get(reverse(URL))
