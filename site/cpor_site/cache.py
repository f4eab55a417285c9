"""The cache in Redis: its values are pickles, so only those that this site signed are read."""

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from .task_queue import ForgedMessage, SiteKeySerializer

_signed = SiteKeySerializer(salt="cpor_site.cache")


class SignedSerializer:
    """As Django's: plain integers stay plain, so that Redis can count with them."""

    def dumps(self, value):
        return value if type(value) is int else _signed.serialize(value)

    def loads(self, data: bytes):
        try:
            return int(data)
        except ValueError:
            return _signed.deserialize(data)


class SignedRedisCacheClient(RedisCacheClient):
    """A value without the site's signature counts as none: it is forged, or of a key that is no longer known."""

    def __init__(self, servers, **options):
        super().__init__(servers, **{"serializer": SignedSerializer} | options)

    def get(self, key, default):
        try:
            return super().get(key, default)
        except ForgedMessage:
            return default

    def get_many(self, keys):
        missing = object()
        values = {key: self.get(key, missing) for key in keys}
        return {key: value for key, value in values.items() if value is not missing}


class SignedRedisCache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = SignedRedisCacheClient
