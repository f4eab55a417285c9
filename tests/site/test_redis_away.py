"""Redis killed, silent or emptied: every page and every action answers, and limits hold."""

import socket
import sqlite3
import time

import pytest
from django.core.cache import cache, caches
from django.urls import reverse
from huey.contrib.djhuey import HUEY
from modelsearch.tasks import insert_or_update_object_task

from cpor_cases.mail import delivery, outbox
from cpor_core import circuit_breaker, conf, task_queue
from cpor_core.circuit_breaker import Away
from cpor_core.redis_server import REDIS
from cpor_site import task_queue as queues
from tests import factories

pytestmark = pytest.mark.django_db

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def silent_server():
    """A server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


@pytest.fixture
def away(settings):
    """The cache of a site whose Redis is away, limits counted in the database."""
    return without(settings, NOWHERE)


def without(settings, url):
    settings.CACHES = {
        "default": {
            "BACKEND": "cpor_site.cache.SignedRedisCache",
            "LOCATION": url,
            "OPTIONS": {"LIMITS_CACHE": "limits"},
        },
        "limits": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    }
    return caches["default"]


def test_what_is_not_a_limit_is_a_miss(away):
    away.set("page", 1)

    assert away.get("page", "none") == "none"
    assert away.get_many(["page"]) == {}
    assert away.add("page", 1) is True
    assert away.delete("page") is False
    assert "page" not in away
    assert away.get_or_set("page", 7) == 7
    with pytest.raises(ValueError, match="page"):
        away.incr("page")


def test_limits_are_counted_in_the_database(away):
    assert away.add("allauth:rl:login", 1)
    assert not away.add("allauth:rl:login", 1)
    assert away.incr("allauth:rl:login") == 2
    away.set("cpor_cases.rests", True)
    assert away.get("cpor_cases.rests") is True
    assert away.delete("cpor_cases.rests")


def test_a_silent_redis_holds_up_one_call_and_for_half_a_second(settings, silent_server):
    cache = without(settings, silent_server)

    began = time.monotonic()
    for number in range(50):
        cache.get(f"page {number}")

    assert 0.4 < time.monotonic() - began < 5  # each of them for itself would be 25


def test_after_a_pause_one_call_tries_and_all_go_there_again(monkeypatch):
    breaker = circuit_breaker.CircuitBreaker("it", (OSError,))
    now = [100.0]
    monkeypatch.setattr(circuit_breaker.time, "monotonic", lambda: now[0])

    def call(failure=None):
        with breaker:
            if failure:
                raise failure
            return "answer"

    with pytest.raises(Away):
        call(OSError())
    with pytest.raises(Away):
        call()
    now[0] += circuit_breaker.PAUSE
    with pytest.raises(Away):
        call(OSError())
    now[0] += circuit_breaker.PAUSE
    assert call() == call() == "answer"
    with pytest.raises(KeyError):
        call(KeyError())
    assert call() == "answer"


@pytest.mark.skipif(not conf.REDIS_URL, reason="needs a Redis that comes back")
def test_what_changed_meanwhile_does_not_come_back_with_redis(monkeypatch):
    cache.set("wagtail_site_root_paths", "old")
    with monkeypatch.context() as patch:
        patch.setattr(type(REDIS), "__enter__", lambda _self: (_ for _ in ()).throw(Away()))
        cache.delete("wagtail_site_root_paths")

    assert cache.get("wagtail_site_root_paths") is None


def test_pages_and_log_in_work_cold_and_warm(away, client, litigant):
    for _ in range(2):
        for page in ("/", "/faq/", "/case-words/", "/readyz"):
            assert client.get(page).status_code in {200, 404}, page
        assert client.get(reverse("account_login")).status_code == 200
    factories.make_access(litigant)
    answer = client.post(
        reverse("account_login"), {"login": litigant.username, "password": factories.PASSWORD}
    )
    assert answer.status_code == 302
    assert client.get(reverse("cpor_cases:cases")).status_code == 200


def test_wrong_passwords_are_counted_all_the_same(away, client, litigant):
    def log_in(password):
        return client.post(reverse("account_login"), {"login": litigant.username, "password": password})

    for _ in range(5):
        log_in("wrong")

    assert log_in(factories.PASSWORD).status_code == 200  # the form again: it rests


# The queue


@pytest.fixture
def broken_queue(monkeypatch):
    """The queue of this process, not immediate, and every message to it fails."""
    monkeypatch.setattr(HUEY, "_immediate", False)

    def fail(*_arguments, **_named):
        raise OSError("No space left on device")

    monkeypatch.setattr(HUEY.storage, "enqueue", fail)
    monkeypatch.setattr(HUEY.storage, "put_data", fail)
    yield
    REDIS.reset()


def test_to_enqueue_never_raises(broken_queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue_delivery()
    task_queue.enqueue(delivery.deliver)
    task_queue.enqueue(delivery.deliver, delay=5)


def test_a_full_disk_under_the_queues_file_does_not_raise(tmp_path):
    queue = queues.SqliteQueue("test", filename=str(tmp_path / "queue.sqlite3"))
    task = queue.task()(lambda _text: None)
    queue.storage.conn.execute("pragma max_page_count=1")  # "database or disk is full"

    for _ in range(3):
        assert task("x" * 100_000) is None
    circuit_breaker.QUEUE_FILE.reset()


def test_a_site_that_starts_on_a_full_disk_has_its_queue_once_there_is_space(tmp_path, monkeypatch):
    connect = sqlite3.connect

    def on_full_disk(*arguments, **options):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("sqlite3.connect", on_full_disk)
    queue = queues.SqliteQueue("test", filename=str(tmp_path / "queue.sqlite3"), immediate=False)
    task = queue.task()(lambda: None)
    assert task() is None

    monkeypatch.setattr("sqlite3.connect", connect)
    circuit_breaker.QUEUE_FILE.reset()
    task()

    assert queue.pending_count() == 1


def test_a_disk_that_is_full_for_the_queues_tables_leaves_no_connection_without_them(tmp_path, monkeypatch):
    monkeypatch.setattr(queues.LateSqliteStorage, "ddl", ["create table malformed ("])
    queue = queues.SqliteQueue("test", filename=str(tmp_path / "queue.sqlite3"), immediate=False)
    task = queue.task()(lambda: None)
    assert task() is None

    monkeypatch.undo()
    circuit_breaker.QUEUE_FILE.reset()
    task()

    assert queue.pending_count() == 1


def test_an_error_of_any_other_queue_is_only_logged(caplog, monkeypatch):
    monkeypatch.setattr(HUEY, "enqueue", lambda task: 1 / 0)

    task_queue.enqueue(delivery.deliver)

    assert "deliver could not be enqueued" in caplog.text


def test_wagtails_own_work_is_done_at_once(broken_queue, monkeypatch):
    done = []
    monkeypatch.setattr("modelsearch.index.insert_or_update_object", done.append)
    person = factories.make_user()

    insert_or_update_object_task.enqueue("cpor_site", "user", str(person.pk))

    assert done == [person]


def test_a_failure_of_wagtails_work_is_only_logged(broken_queue, caplog):
    insert_or_update_object_task.enqueue("cpor_site", "user", "0")

    assert "insert_or_update_object_task failed" in caplog.text
