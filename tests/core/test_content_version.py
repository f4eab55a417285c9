"""The version of the content: what is cached under it is out of date when content changes, on every machine."""

import socket
import time

import pytest

from cpor_core import conf, content_version
from cpor_core.content_version import versions
from cpor_core.content_version.redis_version import RedisVersion
from cpor_core.signals import content_changed


def wait_for_the_next_reading():
    time.sleep(2 * versions.READ_EVERY)


@pytest.mark.django_db
def test_a_change_is_known_once_it_is_committed(version, django_capture_on_commit_callbacks):
    before = version.current()

    with django_capture_on_commit_callbacks(execute=True):
        content_changed.send(None)
        wait_for_the_next_reading()
        assert version.current() == before

    wait_for_the_next_reading()
    assert version.current() != before


def test_what_pages_share_is_made_once_until_content_changes(version):
    made = []

    def make():
        made.append(1)
        return len(made)

    assert [content_version.cached("thing", make) for _ in range(3)] == [1, 1, 1]
    version.change()
    wait_for_the_next_reading()
    assert content_version.cached("thing", make) == 2


def test_what_is_published_while_it_is_made_puts_it_out_of_date(version):
    def publish_meanwhile():
        version.change()
        return "old"

    content_version.cached("another_thing", publish_meanwhile)
    wait_for_the_next_reading()

    assert content_version.cached("another_thing", lambda: "new") == "new"


def test_nothing_is_cached_while_the_version_is_unknown(version, settings, monkeypatch):
    monkeypatch.setattr(version, "read", lambda now: None)
    wait_for_the_next_reading()
    assert [content_version.cached("third", lambda n=n: n) for n in (1, 2)] == [1, 2]

    settings.CPOR = settings.CPOR | {"PAGE_CACHE_PAGES": 0}
    assert [content_version.cached("fourth", lambda n=n: n) for n in (1, 2)] == [1, 2]


class TestRedisVersion:
    """Redis tells all workers of a change; a worker that cannot be told takes nothing from a cache."""

    @pytest.fixture
    def url(self, settings):
        if not conf.REDIS_URL:
            pytest.skip("needs Redis")
        return conf.REDIS_URL

    @pytest.fixture(autouse=True)
    def read_each_time(self, monkeypatch):
        monkeypatch.setattr(versions, "READ_EVERY", 0)

    def test_a_change_is_known_before_the_next_answer(self, url):
        here, there = RedisVersion(url), RedisVersion(url)

        for _ in range(200):
            before = here.current()
            assert before is not None
            assert here.current() == before
            there.change()
            assert here.current() != before

    def test_a_lost_connection_puts_everything_out_of_date(self, url):
        version = RedisVersion(url)
        before = version.current()

        version.subscription.connection._sock.shutdown(socket.SHUT_RDWR)

        assert version.current() != before

    def test_a_silent_redis_makes_the_version_unknown(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            version = RedisVersion(f"redis://127.0.0.1:{silent.getsockname()[1]}/0?socket_timeout=0.2")

            assert version.current() is None

    def test_a_missing_redis_makes_the_version_unknown_and_is_not_called_at_once_again(self, monkeypatch):
        version = RedisVersion("redis://127.0.0.1:1/0")
        assert version.current() is None

        monkeypatch.setattr(version, "_receive", lambda now: pytest.fail("called again"))
        assert version.current() is None
