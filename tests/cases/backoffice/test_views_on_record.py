"""Every page of the office that shows something about a person leaves an entry; what lists cost for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from cpor_cases.actions import applications
from cpor_cases.models import ClerkPost, CourtLogEntry
from cpor_cases.models.audit import ROWS_VIEWED, VIEWS
from tests import factories
from tests.cases.backoffice.test_permissions_table import (
    OURS,
    WAGTAILS_OWN,
    address_of,
    rows,  # noqa: F401 (a fixture)
    text_of,
)

pytestmark = pytest.mark.django_db

# What the rows of the fixture tell of people: the applicant, the address, the case words and numbers of the court.
PLANTED = ["王大明", "wang@example.com"]
FETCHES = ["cpor_cases.import.fetch_rejected", "cpor_cases.court.fetch_audit"]


def is_on_record(person) -> bool:
    return CourtLogEntry.objects.filter(user=person, action__in=[*VIEWS, *FETCHES]).exists()


def told_by(client, url, planted) -> bool:
    """Whether the page shows something that was planted; the log is empty before."""
    CourtLogEntry.objects.all().delete()
    return any(each in text_of(client.get(url)) for each in planted)


@pytest.mark.parametrize("person", ["manager", "clerk"])
def test_each_page_of_the_office_that_shows_somebody_leaves_an_entry(client, request, rows, person):  # noqa: F811
    person = request.getfixturevalue(person)
    client.force_login(person)
    numbers = [str(rows[name].full_number) for name in ("desk_cases", "another case")]
    number_of_pending = str(rows["desk_applications"].case.full_number)
    shown, silent = set(), []

    rows["wagtailusers_users"] = person
    for name in sorted(OURS):
        if told_by(client, address_of(name, rows), [*PLANTED, *numbers, number_of_pending]):
            shown.add(name)
            silent += [] if is_on_record(person) else [name]

    assert silent == []
    assert shown >= {
        "desk_applications:index",
        "desk_applications:index_results",
        "desk_applications:inspect",
        "desk_applications:edit",
        "desk_applications:readdress",
        "desk_cases:index",
        "desk_cases:inspect",
        "desk_cases:transfer",
        "desk_cases:correct_entry",
        "desk_cases:revoke_access",
        "desk_activations:index",
        "desk_activations:inspect",
        "desk_activations:unlock",
        "desk_mails:index",
        "desk_mails:inspect",
        "desk_mails:send_again",
    }


@pytest.mark.parametrize("person", ["manager", "clerk"])
def test_each_page_of_wagtails_own_that_shows_somebody_leaves_an_entry(client, request, rows, person):  # noqa: F811
    person = request.getfixturevalue(person)
    client.force_login(person)
    shown = []

    for name in set(WAGTAILS_OWN) - {"wagtailadmin_error_test", "wagtailadmin_logout", "None"}:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if told_by(client, url, PLANTED):
            shown.append(name)
            assert is_on_record(person), name

    assert "wagtailadmin_home" in shown


def test_list_is_one_entry_a_court_with_the_rows_it_showed(client, clerk, court, other_court):
    ClerkPost.objects.create(user=clerk, court=other_court)
    here = [factories.make_application(court, by=clerk) for _each in range(3)]
    there = factories.make_application(other_court, by=factories.make_clerk(other_court))
    client.force_login(clerk)

    client.get(reverse("desk_applications:index"))

    entries = {entry.court: entry for entry in CourtLogEntry.objects.filter(action=ROWS_VIEWED)}
    assert set(entries[court].rows.split()) == {f"application:{each.pk}" for each in here}
    assert entries[other_court].rows == f" application:{there.pk} "
    assert {entry.label for entry in entries.values()} == {"聲請"}
    assert {entry.data["view"] for entry in entries.values()} == {"desk_applications:index"}


def test_same_list_again_is_the_same_view_and_another_row_is_not(client, clerk, court):
    client.force_login(clerk)
    factories.make_application(court, by=clerk)
    for _each in range(2):
        client.get(reverse("desk_applications:index"))
    factories.make_application(court, by=clerk)
    client.get(reverse("desk_applications:index"))

    assert CourtLogEntry.objects.filter(action=ROWS_VIEWED).count() == 2


@pytest.mark.parametrize("name", ["desk_applications:index", "desk_mails:index", "desk_activations:index"])
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
