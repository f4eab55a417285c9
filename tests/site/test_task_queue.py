"""Messages of the task queue carry the site's signature; any other is dropped unread."""

import logging
import pickle
import threading
import time
import uuid

import pytest
from django.core.cache import cache
from huey import PriorityRedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import Serializer

from cpor_core import conf
from cpor_site.task_queue import ForgedMessage, SiteKeySerializer

executed = []


class Exploit:
    """What an attacker puts on the queue: unpickling it runs code."""

    def __reduce__(self):
        return executed.append, ("attacker",)


@pytest.fixture(autouse=True)
def _nothing_executed():
    executed.clear()


@pytest.fixture
def queue(tmp_path):
    """A real queue of the kind that the tests' environment names."""
    options = {"serializer": SiteKeySerializer(), "immediate": False}
    if not conf.REDIS_URL:
        yield SqliteHuey("test", filename=str(tmp_path / "queue.sqlite3"), **options)
        return
    queue = PriorityRedisHuey(f"test-{uuid.uuid4().hex}", url=conf.REDIS_URL, **options)
    yield queue
    queue.storage.flush_all()


@pytest.mark.parametrize("serializer", [Serializer(), SiteKeySerializer()])
def test_only_messages_with_the_sites_signature_are_read(serializer):
    message = serializer.serialize("a message")

    if isinstance(serializer, SiteKeySerializer):
        assert SiteKeySerializer().deserialize(message) == "a message"
    else:
        with pytest.raises(ForgedMessage):
            SiteKeySerializer().deserialize(message)


def test_a_message_whose_content_was_changed_is_not_read():
    message = SiteKeySerializer().serialize("a message")

    with pytest.raises(ForgedMessage):
        SiteKeySerializer().deserialize(message.replace(b"a message", b"b message"))


def test_messages_of_a_former_key_are_read_while_it_is_a_fallback(settings):
    message = SiteKeySerializer().serialize("a message")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key", [settings.SECRET_KEY]
    assert SiteKeySerializer().deserialize(message) == "a message"

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ForgedMessage):
        SiteKeySerializer().deserialize(message)


def test_the_queue_of_either_setting_signs():
    from cpor_site.settings import base

    assert isinstance(base.HUEY["serializer"], SiteKeySerializer)


def test_a_worker_drops_forged_messages_and_goes_on(queue, caplog):
    done = threading.Event()
    task = queue.task()(lambda: done.set())
    forged = pickle.dumps(Exploit())
    queue.storage.enqueue(forged)
    queue.storage.enqueue(forged + b":" + b"0" * 40)
    queue.storage.add_to_schedule(forged, queue._get_timestamp())
    task()

    with caplog.at_level(logging.ERROR, logger="huey"):
        run_worker(queue, until=lambda: done.is_set() and not queue.storage.schedule_size())

    assert done.is_set()
    assert executed == []
    assert queue.pending_count() == 0
    assert [record.exc_info[0] for record in caplog.records] == [ForgedMessage] * 3


@pytest.mark.skipif(not conf.REDIS_URL, reason="the cache in the database holds what the database holds")
def test_a_forged_value_in_the_cache_is_no_value():
    client = cache._cache.get_client()
    cache.set_many({"ours": "a value", "count": 1})
    client.set(cache.make_and_validate_key("forged"), pickle.dumps(Exploit()))

    assert cache.get("forged", "none") == "none"
    assert cache.get_many(["ours", "count", "forged"]) == {"ours": "a value", "count": 1}
    assert cache.incr("count") == 2
    assert executed == []


def run_worker(queue, *, until):
    consumer = Consumer(
        queue, workers=1, periodic=False, initial_delay=0.01, max_delay=0.02, check_worker_health=False
    )
    consumer.start()
    deadline = time.monotonic() + 20
    while not until() and time.monotonic() < deadline:
        time.sleep(0.01)
    consumer.stop(graceful=True)
