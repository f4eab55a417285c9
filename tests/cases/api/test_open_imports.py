"""A court's system asks which of its imports still miss something."""

import pytest
from django.test import Client

from cpor_cases.actions import rejections
from cpor_cases.actions.imports import import_rows
from cpor_cases.models import ImportRun
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/imports"


def take(case, *rows, source="api") -> ImportRun:
    return import_rows(list(enumerate(rows, start=1)), source=source, court=case.court)


@pytest.fixture
def ask(court):
    _token, secret = factories.make_token(court)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    return lambda address=ADDRESS, **query: client.get(address, query)


def test_open_imports_are_listed_the_oldest_first_with_their_reasons(ask, case):
    bad = factories.row(case, kind="no such kind")
    first, second = (
        take(case, bad),
        take(case, factories.row(case, recorded_at="no day"), factories.row(case)),
    )

    found = ask().json()

    assert [each["id"] for each in found["imports"]] == [first.pk, second.pk]
    assert found["imports"][0]["reasons"] == [{"code": "unknown_kind", "rows": 1, "is_answered": False}]
    assert ask(found["imports"][1]["url"]).json()["to_repair"] is True


def test_what_came_in_or_has_an_answer_is_not_listed(ask, case, clerk):
    bad = factories.row(case, kind="no such kind")
    repaired, answered = take(case, bad), take(case, factories.row(case, recorded_at="no day"))
    take(case, bad | {"kind": "judgment"})
    rejections.answer(answered, answer="test", by=clerk)

    assert ask().json() == {"imports": [], "page": 1, "pages": 1}
    assert ask(f"{ADDRESS}/{repaired.pk}").json()["to_repair"] is False


def test_imports_of_other_courts_and_ways_are_not_there(ask, case, other_court):
    elsewhere = factories.make_case(other_court)
    take(elsewhere, factories.row(elsewhere, kind="no such kind"))
    take(case, factories.row(case, kind="no such kind"), source="upload")

    assert ask().json()["imports"] == []


def test_an_unknown_parameter_and_a_call_without_a_token_are_refused(ask, client):
    assert ask(open="1").status_code == 422
    assert client.get(ADDRESS).status_code == 401
