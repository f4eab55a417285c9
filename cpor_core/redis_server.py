"""The Redis server, for a site that has one: how long a call may take, and the breaker that all calls share."""

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .circuit_breaker import CircuitBreaker

# A server on the same network answers within milliseconds; one that accepts and is silent must not hold a request up.
REDIS_TIMEOUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}

# One server: the cache, the queue and the channel of the content version.
REDIS = CircuitBreaker("Redis", (redis.RedisError, OSError))
