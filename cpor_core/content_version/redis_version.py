"""The version of the content where workers run on several machines: each change is published on a channel of Redis.

When `change` returns, the message lies in the socket of every subscriber, so checking whether something has come in is
enough to know the version. While a connection is lost or silent, the version is not known.
"""

import logging
import time
import uuid

import redis

from cpor_core.circuit_breaker import Away
from cpor_core.redis_server import REDIS, REDIS_TIMEOUTS

from .versions import ContentVersion

logger = logging.getLogger(__name__)

HEARTBEAT_EVERY = 1.0  # seconds
HEARTBEAT_WITHIN = 0.5  # seconds


class RedisVersion(ContentVersion):
    """Subscribes to the channel on the first reading; each message, the confirmation included, is a new version."""

    def __init__(self, url: str):
        super().__init__()
        self.client = redis.Redis.from_url(url, **REDIS_TIMEOUTS)
        # Channels do not belong to a numbered database.
        number = self.client.connection_pool.connection_kwargs.get("db", 0)
        self.channel = f"cpor_core.content_version:{number}"
        self.subscription: redis.client.PubSub | None = None
        self.heartbeat_at = 0.0
        self.has_unpublished_change = False

    def read(self, now: float) -> str | None:
        try:
            with REDIS:
                self._receive(now)
        except Away:
            self._unsubscribe()
            return None
        return self.value

    def change(self) -> None:
        """Publish the change now, or as soon as Redis answers: the content has changed without it."""
        self.has_unpublished_change = True
        try:
            with REDIS:
                self._publish()
        except Away:
            logger.warning("the other workers will be told of a change when Redis answers")

    def _publish(self) -> None:
        self.client.publish(self.channel, "")
        # Redis writes to all subscribers at the end of the round in which it took the message. Its answer to a second
        # command comes a round later: by then every worker can receive it.
        self.client.ping()
        self.has_unpublished_change = False

    def _receive(self, now: float) -> None:
        """Take in all messages that have come; raise redis.RedisError or OSError if the connection is lost or silent."""
        if self.has_unpublished_change:
            self._publish()
        if self.subscription is None:
            self.subscription = self.client.pubsub()
            self.subscription.subscribe(self.channel)
            self._await_heartbeat(self.subscription)
        elif now - self.heartbeat_at > HEARTBEAT_EVERY:
            self._await_heartbeat(self.subscription)
        else:
            self._next_message(self.subscription, timeout=0)

    def _await_heartbeat(self, subscription: redis.client.PubSub) -> None:
        """Have Redis answer, and take in all that comes before the answer. Raise redis.TimeoutError if none comes."""
        subscription.ping()
        end = time.monotonic() + HEARTBEAT_WITHIN
        while (left := end - time.monotonic()) > 0:
            if self._next_message(subscription, timeout=left) == "pong":
                self.heartbeat_at = time.monotonic()
                return
        raise redis.TimeoutError

    def _next_message(self, subscription: redis.client.PubSub, *, timeout: float) -> str | None:
        """Return the type of the next message. Any but the answer to a heartbeat is a new version."""
        message = subscription.get_message(timeout=timeout)
        if message and message["type"] != "pong":
            self.value = uuid.uuid4().hex
        return message and message["type"]

    def _unsubscribe(self) -> None:
        if self.subscription is not None:
            self.subscription.close()
        self.subscription = None
