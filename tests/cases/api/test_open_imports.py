"""A court's system asks which of its imports still miss something."""

import pytest
from django.test import Client

from cpor_cases.actions import rejections
from cpor_cases.actions.imports import import_rows
from cpor_cases.intake import run as runs
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


@pytest.fixture
def send_twice(send, worker, case, monkeypatch):
    """Send rows of which the service aborts the import, and rows again after `between()`."""

    def twice(again: list[dict] | None = None, *, between=lambda: None):
        rows = [factories.row(case), factories.row(case)]
        with monkeypatch.context() as fault:
            fault.setattr(runs, "store", lambda *_: 1 / 0)
            worker(lambda: send(rows))
        between()
        worker(lambda: send(again or rows))

    return twice


def states() -> list[tuple[str, bool]]:
    return [(run.state, run.is_to_repair) for run in ImportRun.objects.order_by("pk")]


def test_an_aborted_call_that_was_sent_again_whole_is_repaired(send_twice):
    send_twice()

    assert states() == [("aborted", False), ("done", False)]


def test_it_is_repaired_though_kinds_have_changed_in_between(send_twice):
    send_twice(between=lambda: factories.make_kind("a new kind"))

    assert states() == [("aborted", False), ("done", False)]


def test_it_stays_open_where_something_else_was_sent(send_twice, case):
    send_twice([factories.row(case)])

    assert states() == [("aborted", True), ("done", False)]
