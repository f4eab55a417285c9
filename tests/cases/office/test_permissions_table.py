"""Who may do what in the office: every address of ours, every method, every kind of person, on rows of one court.

A line for each address, a character for each person. `r`: may view. `w`: may view and send. `p`: may send (there is
nothing to view). `-`: is refused. An address without a line fails, so that a new one is thought about.
"""

from contextlib import nullcontext

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.support.office import OURS, PEOPLE, SNIPPET, address_of, line_of, lines
from tests.support.quick_requests import without_bodies

pytestmark = pytest.mark.django_db  # `world` makes the rows once, each test works in a savepoint of its own

METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]


def is_refused(answer) -> bool:
    """Refused, not there, or sent to the log-in or to the first page of the office."""
    if answer.status_code in {403, 404, 405}:
        return True
    away = ("/accounts/login/", reverse("wagtailadmin_login"))
    url = getattr(answer, "url", "")
    return answer.status_code == 302 and (url.startswith(away) or url == reverse("wagtailadmin_home"))


def ask(client: Client, method: str, url: str):
    """Ask once, and leave no trace, so that the next person finds the rows as they were."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = getattr(client, method)(url)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def access_of(client: Client, url: str, methods=METHODS) -> str:
    """What a person may do at an address, by every method. The body of GET is made, and that of POST."""
    may = {}
    for method in methods:
        with nullcontext() if method in {"get", "post"} else without_bodies():
            may[method] = not is_refused(ask(client, method, url))
    assert may.get("head", may["get"]) == may["get"], "HEAD is answered as GET is"
    assert may["post"] or not may.get("put"), "PUT is taken where POST is not"
    assert may["get"] or may["post"] or not may.get("options"), "OPTIONS is answered to who may nothing"
    assert not may.get("patch"), "PATCH is taken"
    assert may["post"] or not may.get("delete"), "DELETE is taken where POST is not"
    return {(True, True): "w", (True, False): "r", (False, True): "p"}.get((may["get"], may["post"]), "-")


def methods_for(name: str) -> list[str]:
    """Every method; of the many lists that are Wagtail's own views alike, one stands for the others' rarer ones."""
    found = SNIPPET.fullmatch(name)
    return METHODS if not found or found["model"] == "cpor_core_caseword" else ["get", "post"]


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_may_what_the_table_says(world, person):
    table, column = lines(), list(PEOPLE).index(person)
    expected = {name: table[line_of(name)][column] for name in OURS if line_of(name) in table}

    found = {
        name: access_of(world.clients[person], address_of(name, world.rows), methods_for(name))
        for name in OURS
    }

    assert found == expected


def test_no_line_of_the_table_is_of_an_address_that_is_gone():
    assert set(lines()) == {line_of(name) for name in OURS}


@pytest.mark.parametrize(
    "model", ["application", "case", "caseaccess", "courtlogentry", "outgoingmail", "clerkpost"]
)
@pytest.mark.parametrize("person", ["clerk", "manager", "superuser"])
def test_no_row_of_a_court_is_deleted_in_bulk_or_edited_as_a_snippet(world, model, person):
    client = world.clients[person]
    app = "cpor_core" if model == "clerkpost" else "cpor_cases"

    for path in (
        f"bulk/{app}/{model}/delete/?id=1",
        f"snippets/{app}/{model}/",
    ):
        for method in (client.get, client.post):
            assert method(f"/office/{path}").status_code in {404, 405}
