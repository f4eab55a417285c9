"""What lists of the office cost for the entries they leave, and what is in these."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cpor_cases.actions import applications
from cpor_cases.models import CourtLogEntry
from cpor_cases.models.log_facts import ROWS_VIEWED
from cpor_core.models import ClerkPost
from tests import factories

pytestmark = pytest.mark.django_db


def test_list_is_one_entry_a_court_with_the_rows_it_showed(client, clerk, court, other_court):
    ClerkPost.objects.create(user=clerk, court=other_court)
    here = [factories.make_application(court, by=clerk) for _each in range(3)]
    there = factories.make_application(other_court, by=factories.make_clerk(other_court))
    client.force_login(clerk)

    client.get(reverse("office_applications:index"))

    entries = {entry.court: entry for entry in CourtLogEntry.objects.filter(action=ROWS_VIEWED)}
    assert set(entries[court].rows.split()) == {f"application:{each.pk}" for each in here}
    assert entries[other_court].rows == f" application:{there.pk} "
    assert {entry.label for entry in entries.values()} == {"聲請"}
    assert {entry.data["view"] for entry in entries.values()} == {"office_applications:index"}


def test_same_list_again_is_the_same_view_and_another_row_is_not(client, clerk, court):
    client.force_login(clerk)
    factories.make_application(court, by=clerk)
    for _each in range(2):
        client.get(reverse("office_applications:index"))
    factories.make_application(court, by=clerk)
    client.get(reverse("office_applications:index"))

    assert CourtLogEntry.objects.filter(action=ROWS_VIEWED).count() == 2


@pytest.mark.parametrize(
    "name", ["office_applications:index", "office_mails:index", "office_activations:index"]
)
def test_record_of_a_list_costs_the_same_for_one_row_and_for_thirty(client, clerk, court, name):
    client.force_login(clerk)
    client.get(reverse(name))
    counts = []
    for more in (1, 29):
        for _each in range(more):
            application = factories.make_application(court, by=clerk, email=f"{_each}-{more}@mail.example")
            applications.approve(application=application, by=clerk)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        counts.append(len(queries))
        assert sum("courtlogentry" in query["sql"].lower() for query in queries.captured_queries) == 2

    assert counts[0] == counts[1]
