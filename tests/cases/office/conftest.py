"""People, a form as it is typed, and the client of a logged-in clerk."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from tests.factories import make_clerk, make_court, make_role, make_user, make_word
from tests.support.office import World, make_people, make_rows
from tests.support.quick_requests import quick_requests, rows_for_a_module


@pytest.fixture
def manager(court):
    return make_clerk(court, group="Court managers")


@pytest.fixture
def office(client, clerk):
    """The client, logged in as a clerk of TPD."""
    client.force_login(clerk)
    return client


@pytest.fixture
def paper(court):
    """An application form as a clerk types it in."""
    make_word("訴")
    return {
        "court": court.pk,
        "category": "civil",
        "case_number": "115年度訴字第123號",
        "applicant_name": "王大明",
        "role": make_role().pk,
        "email": "Wang@example.com",
        "email_again": "wang@example.com",
        "language": "zh-hant",
        "received_on": "115/09/24",
        "receipt_number": "R-1",
    }


@pytest.fixture
def editor(db):
    person = make_user("editor")
    person.groups.set(Group.objects.filter(name="Editors"))
    return person


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with rows_for_a_module(django_db_blocker), quick_requests():
        court, other_court = make_court("TPD"), make_court("SLD")
        people = make_people(court, other_court)
        clients = {name: Client() for name in people}
        for name, person in people.items():
            if person:
                clients[name].force_login(person)
        yield World(make_rows(court, people["clerk"]), people, clients)
