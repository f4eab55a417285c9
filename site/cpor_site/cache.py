"""The Redis cache. Its values are pickles, so only values signed by this site are read. Pages work without it."""

from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from cpor_core.circuit_breaker import Away
from cpor_core.redis_server import REDIS, REDIS_TIMEOUTS

from .task_queue import ForgedMessage, SiteKeySerializer

# Keys of limits: allauth's counts and used codes, and ours. If they were not counted, a password could be guessed.
LIMITS = ("allauth", "cpor_cases.")
MOST_OUTDATED = 1000
_signed = SiteKeySerializer(salt="cpor_site.cache")
# Keys that changed while Redis was away: it may still have their old values.
_outdated: set[tuple[str, int | None]] = set()


class SignedSerializer:
    """Serialises like Django's: integers stay plain, so that Redis can increment them."""

    def dumps(self, value):
        return value if type(value) is int else _signed.serialize(value)

    def loads(self, data: bytes):
        try:
            return int(data)
        except ValueError:
            return _signed.deserialize(data)


class SignedRedisCacheClient(RedisCacheClient):
    """Treats a value without the site's signature as a miss: it is forged, or signed with a key that is no longer known."""

    def __init__(self, servers, **options):
        facts: dict[str, Any] = {"serializer": SignedSerializer} | REDIS_TIMEOUTS | options
        super().__init__(servers, **facts)

    def get(self, key, default):
        try:
            return super().get(key, default)
        except ForgedMessage:
            return default


class SignedRedisCache(RedisCache):
    """While Redis is away, limits are counted in the cache that LIMITS_CACHE names, a table of the database.

    All other keys are misses: everything else in the cache may be lost.
    """

    _options: dict[str, Any]

    def __init__(self, server, params):
        super().__init__(server, params)
        options = dict(self._options)
        self._limits_cache = options.pop("LIMITS_CACHE")
        self._options = options
        self._class = SignedRedisCacheClient

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._call("add", key, value, timeout, version=version, without=True)

    def get(self, key, default=None, version=None):
        return self._call("get", key, default, version=version, without=default)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._call("set", key, value, timeout, version=version, without=None)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._call("touch", key, timeout, version=version, without=False)

    def delete(self, key, version=None):
        return self._call("delete", key, version=version, without=False)

    def has_key(self, key, version=None):
        return self._call("has_key", key, version=version, without=False)

    def incr(self, key, delta=1, version=None):
        unknown = object()
        count = self._call("incr", key, delta, version=version, without=unknown)
        if count is unknown:
            raise ValueError(f"Key '{key}' not found.")
        return count

    # One key at a time: nothing here reads many, and each may have to be read from the other cache.

    def get_many(self, keys, version=None):
        missing = object()
        values = {key: self.get(key, missing, version=version) for key in keys}
        return {key: value for key, value in values.items() if value is not missing}

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        for key, value in data.items():
            self.set(key, value, timeout, version=version)
        return []

    def delete_many(self, keys, version=None):
        for key in keys:
            self.delete(key, version=version)

    def clear(self):
        try:
            with REDIS:
                return super().clear()
        except Away:
            return False

    def _call(self, operation: str, key: str, *arguments, version, without):
        """Read from Redis; while it is away, a limit from the database, and return `without` for any other key."""
        try:
            with REDIS:
                self._drop_outdated()
                return getattr(super(), operation)(key, *arguments, version=version)
        except Away:
            if key.startswith(LIMITS):
                return getattr(caches[self._limits_cache], operation)(key, *arguments, version=version)
            if operation in {"add", "set", "delete"} and len(_outdated) < MOST_OUTDATED:
                _outdated.add((key, version))
            return without

    def _drop_outdated(self) -> None:
        """Delete what was replaced or deleted while Redis could not be reached: it may still have the old values."""
        while _outdated:
            key, version = next(iter(_outdated))
            super().delete(key, version=version)
            _outdated.discard((key, version))
