"""A case that was sent on appeal is applied for at the next court with what is known of its person."""

import pytest
from django.urls import reverse

from cpor_cases.query_period import keep_closing_days
from tests import factories
from tests.support import petitions

pytestmark = pytest.mark.django_db


@pytest.fixture
def access(litigant, case):
    return factories.make_access(litigant, case)


def send_on(case, kind="sent_on_appeal"):
    factories.make_kind(kind, ends_query=True, stage="remedy")
    factories.make_entry(case, kind)
    keep_closing_days([case.pk])
    case.refresh_from_db()


def test_the_page_of_the_case_offers_it(client, litigant, access):
    client.force_login(litigant)
    url = reverse("petitions:next_instance", args=[access.case.public_id])
    assert url not in client.get(access.case.get_absolute_url()).content.decode()

    send_on(access.case)

    assert url in client.get(access.case.get_absolute_url()).content.decode()


def test_name_and_address_are_known_and_the_number_is_left_open(client, litigant, access, other_court):
    role = petitions.prepare(other_court)
    send_on(access.case)
    client.force_login(litigant)

    response = client.post(reverse("petitions:next_instance", args=[access.case.public_id]))

    assert response.url == reverse("petitions:court", args=[1])
    petitions.send(client, "court", 1, court=other_court.pk)
    petitions.send(client, "category", 1, category="civil")
    response = petitions.send(client, "role", 1, role=role.pk)
    assert response.url == reverse("petitions:check")
    petitions.send(client, "check")
    page = client.get(reverse("petitions:finished")).content.decode()
    assert f"原審案號：{access.case.court.name}{access.case.full_number}" in page
    assert access.application.applicant_name in page


def test_it_is_offered_to_its_person_alone(client, access, other_litigant):
    send_on(access.case)
    client.force_login(other_litigant)

    response = client.post(reverse("petitions:next_instance", args=[access.case.public_id]))

    assert response.status_code == 404


def test_a_case_that_is_still_here_is_not_sent_on(client, litigant, access):
    client.force_login(litigant)

    response = client.post(reverse("petitions:next_instance", args=[access.case.public_id]))

    assert response.status_code == 404
