"""How long a page waits for PostgreSQL: for a server that is silent, for a lock, for a statement that takes too long."""

import socket
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections

from cpor_core.unavailability import is_unavailability
from cpor_site.postgresql.base import SERVER
from tests.support.proxies import proxy_to

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not settings.IS_DATABASE_CONFIGURED, reason="PostgreSQL is not the tests' home"),
]
PATIENCE = {
    "connect_timeout": 2,
    "answer_within": 1.5,
    "options": "-c statement_timeout=300 -c lock_timeout=200",
}


@pytest.fixture
def make_connection():
    """Make connections beside the test's own, with options of their own, to another port if one is given."""
    made = []
    SERVER.reset()

    def make(port=None, **options):
        other = connections["default"].copy()
        other.settings_dict["OPTIONS"] = other.settings_dict["OPTIONS"] | options
        if port:
            other.settings_dict |= {"HOST": "127.0.0.1", "PORT": port}
        made.append(other)
        return other

    yield make
    for other in made:
        other.close()


@pytest.fixture
def proxy():
    there = connections["default"].settings_dict
    with proxy_to(there["HOST"] or "127.0.0.1", int(there["PORT"] or 5432)) as proxy:
        yield proxy


@contextmanager
def gives_up_within(seconds, of_which=(OperationalError,)):
    """More than a busy machine takes for what `PATIENCE` allows, and less than it takes for what nothing limits."""
    began = time.monotonic()
    with pytest.raises(of_which) as raised:
        yield
    assert time.monotonic() - began < seconds
    assert is_unavailability(raised.value)


def select(connection, statement="SELECT 1"):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up_and_left_alone_for_a_moment(
    make_connection,
):
    with socket.create_server(("127.0.0.1", 0)) as black_hole:
        there = make_connection(black_hole.getsockname()[1], **PATIENCE)
        another = make_connection(black_hole.getsockname()[1], **PATIENCE)
        with gives_up_within(8):
            select(there)
        with gives_up_within(1.5):
            select(another)

    assert select(make_connection()) == (1,)


def test_one_that_falls_silent_in_mid_request_is_given_up_and_serves_once_it_is_back(make_connection, proxy):
    there = make_connection(proxy.port, **PATIENCE)
    select(there)
    proxy.freeze()

    with gives_up_within(8):
        select(there)

    proxy.restore()
    there.close()
    assert select(there) == (1,)


def test_a_kept_connection_that_has_fallen_silent_costs_a_request_a_second(make_connection, proxy):
    there = make_connection(proxy.port, **PATIENCE | {"answer_within": 20})
    select(there)
    proxy.freeze()
    began = time.monotonic()

    assert not there.is_usable()

    assert time.monotonic() - began < 8


def test_a_line_that_is_cut_is_noticed_at_once(make_connection, proxy):
    there = make_connection(proxy.port, **PATIENCE | {"answer_within": 20})
    select(there)
    proxy.cut()

    with gives_up_within(8, (OperationalError, InterfaceError)):
        select(there)


def test_a_statement_that_takes_too_long_ends_and_the_connection_serves_on(make_connection):
    there = make_connection(**PATIENCE)

    with gives_up_within(8):
        select(there, "SELECT pg_sleep(30)")

    assert select(there) == (1,)


def test_a_lock_that_does_not_become_free_is_not_waited_for(make_connection):
    holder, waiting = make_connection(), make_connection(**PATIENCE)
    select(holder, "SELECT pg_advisory_lock(4711)")

    with gives_up_within(8):
        select(waiting, "SELECT pg_advisory_lock(4711)")


def test_workers_and_commands_have_all_the_time_they_need(make_connection):
    there = make_connection()

    assert select(there, "SHOW statement_timeout") == ("0",)
    assert select(there, "SHOW lock_timeout") == ("0",)
    assert there.answer_within is None
