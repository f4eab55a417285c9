"""The only module that imports internals of allauth; a test notices when they change.

- Rate limits: the public module never counts a GET, and returns no usage that could be rolled back.
- Authentication records: the public module reads them, and cannot add one.
"""

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

__all__ = ["clear_limit", "client_address", "consume_limit", "record_authentication"]

APP = "allauth.account"  # whose setting ACCOUNT_RATE_LIMITS holds the limits


def record_authentication(request: HttpRequest, account, method: str, **facts) -> None:
    """Note in the session that this account has proved itself by a method."""
    # Only here: rate limits need none of allauth's models, which a site without accounts has not installed.
    from allauth.account.internal.flows import login

    login.record_authentication(request, account, method, **facts)


def consume_limit(request: HttpRequest, *, action: str, key: str | None = None) -> RateLimitUsage | None:
    """Count one more use of an action, for any HTTP method. Return the usage, or None if the limit is exceeded."""
    return ratelimit.consume(request, app=APP, action=action, key=key, limit_get=True)


def clear_limit(request: HttpRequest, *, action: str, key: str) -> None:
    """Reset the count of a key."""
    ratelimit.clear(request, app=APP, action=action, key=key)


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address as rate limits count it; of an IPv6 address the network."""
    return ratelimit.get_ip(request)
