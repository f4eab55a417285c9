"""Every page of the office that shows something about a person leaves an entry."""

import pytest
from django.urls import NoReverseMatch, reverse

from cpor_cases.models import CourtLogEntry
from cpor_cases.models.log_facts import VIEWS
from tests.support.office import OFFICE, OURS, address_of

pytestmark = pytest.mark.django_db  # `world` makes the rows once, each test works in a savepoint of its own

# What the rows of the fixture tell of people: the applicant, the address, the case words and numbers of the court.
PLANTED = ["王大明", "wang@example.com"]
FETCHES = ["cpor_cases.import.fetch_rejected", "cpor_cases.court.fetch_audit"]
WAGTAILS_OWN = [
    name for name, each, _module in OFFICE if name not in OURS and not each.pattern.regex.groupindex
]


def text_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def is_on_record(person) -> bool:
    return CourtLogEntry.objects.filter(user=person, action__in=[*VIEWS, *FETCHES]).exists()


def told_by(client, url, planted) -> bool:
    """Whether the page shows something that was planted; the log is empty before."""
    CourtLogEntry.objects.all().delete()
    text = text_of(client.get(url))
    return any(each in text for each in planted)


@pytest.mark.parametrize("person", ["manager", "clerk"])
def test_each_page_of_the_office_that_shows_somebody_leaves_an_entry(world, person):
    client, rows, person = world.clients[person], world.rows, world.people[person]
    numbers = [str(rows[name].full_number) for name in ("office_cases", "another case")]
    number_of_pending = str(rows["office_applications"].case.full_number)
    shown, silent = set(), []

    for name in sorted(OURS):
        url = address_of(name, rows | {"wagtailusers_users": person})
        if told_by(client, url, [*PLANTED, *numbers, number_of_pending]):
            shown.add(name)
            silent += [] if is_on_record(person) else [name]

    assert silent == []
    assert shown >= {
        "office_applications:index",
        "office_applications:index_results",
        "office_applications:inspect",
        "office_applications:edit",
        "office_applications:petition",
        "office_applications:readdress",
        "office_cases:index",
        "office_cases:inspect",
        "office_cases:transfer",
        "office_cases:correct_entry",
        "office_cases:revoke_access",
        "office_activations:index",
        "office_activations:inspect",
        "office_activations:unlock",
        "office_mails:index",
        "office_mails:inspect",
        "office_mails:send_again",
    }


@pytest.mark.parametrize("person", ["manager", "clerk"])
def test_each_page_of_wagtails_own_that_shows_somebody_leaves_an_entry(world, person):
    client, person = world.clients[person], world.people[person]
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
