"""The people of the play, and what every test may use."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.signals import connection_created
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from cpor_cases.accounts.middleware import sessions
from cpor_cases.intake import court_locks
from cpor_cases.self_check import run as self_check
from cpor_core import redis_server
from tests import factories
from tests.support import migrated_database

# How long an example takes says how busy the machine is, not whether the code is right
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Begin with a copy of a database whose migrations have been done before."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database.migrated_database()
        yield
        return

    def fill(connection, **_signal):
        if not connection.introspection.table_names():
            migrated_database.fill(connection.connection)

    connection_created.connect(fill)
    yield
    connection_created.disconnect(fill)


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    redis_server.REDIS.reset()
    cache.clear()


@pytest.fixture(autouse=True)
def _first_language():
    """A request leaves its language behind; the next test begins in the first one."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _minutes_begin_with_the_test(monkeypatch):
    """The use of a session is recorded once a minute, in a few queries more: not in the middle of a test that counts them."""
    began = time.time()
    monkeypatch.setattr(sessions, "current_minute", lambda: int((time.time() - began) // 60))


@pytest.fixture
def court(db):
    return factories.make_court("TPD", name_zh="臺灣臺北地方法院", name_en="Taiwan Taipei District Court")


@pytest.fixture
def other_court(db):
    return factories.make_court("SLD", name_zh="臺灣士林地方法院", name_en="Taiwan Shilin District Court")


@pytest.fixture
def case(court):
    """A case about which a judgment may come."""
    factories.make_word("訴")
    factories.make_kind("judgment", name_zh="判決")
    return factories.make_case(court)


@pytest.fixture
def clerk(court):
    return factories.make_clerk(court, "clerk")


@pytest.fixture
def clerk_elsewhere(other_court):
    return factories.make_clerk(other_court, "clerk-elsewhere")


@pytest.fixture
def litigant(db):
    return factories.make_user("litigant")


@pytest.fixture
def other_litigant(db):
    return factories.make_user("other_litigant")


@pytest.fixture
def make_mails_leave(django_capture_on_commit_callbacks):
    """Run a block with its commits felt: mails posted in it are sent by the worker's task, at once."""

    def run(action):
        with django_capture_on_commit_callbacks(execute=True):
            return action()

    return run


@pytest.fixture
def record_agrees(db):
    """The self-check finds nothing after the test."""
    yield
    assert self_check.verify() == []


@pytest.fixture
def another_holds_the_lock_of(django_db_blocker):
    """Let another worker take a large or a small file of a court in, for as long as a block lasts."""

    @contextmanager
    def hold(court, *, is_small=False):
        held, over = threading.Event(), threading.Event()

        def work():
            with django_db_blocker.unblock():
                with court_locks.lock_for_import(court and court.pk, is_small=is_small) as is_its:
                    if is_its:
                        held.set()
                    over.wait(30)
                connection.close()

        worker = threading.Thread(target=work)
        worker.start()
        assert held.wait(10)
        try:
            yield
        finally:
            over.set()
            worker.join()

    return hold
