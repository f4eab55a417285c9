"""What we need of allauth beyond its public modules. Only this module imports its internals; a test notices a change.

- Rate limits: the public module never counts a GET, and returns no usage that could be rolled back.
- Authentication records: the public module reads them, and cannot add one.
"""

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

__all__ = ["clear_limit", "client_address", "consume_limit", "record_authentication"]

APP = "allauth.account"  # whose setting ACCOUNT_RATE_LIMITS holds the limits


def consume_limit(request: HttpRequest, *, action: str, key: str | None = None) -> RateLimitUsage | None:
    """Count one more use of an action, for any HTTP method. Return the usage, or None if it is one too many."""
    return ratelimit.consume(request, app=APP, action=action, key=key, limit_get=True)


def clear_limit(request: HttpRequest, *, action: str, key: str) -> None:
    """Forget the uses counted for a key."""
    ratelimit.clear(request, app=APP, action=action, key=key)


def client_address(request: HttpRequest) -> str:
    """Return the internet address that limits are counted by: of IPv6 the network."""
    return ratelimit.get_ip(request)
