"""Who may read figures of the running service: whoever has the token, or asks on the machine itself."""

import ipaddress
import secrets

from django.conf import settings
from django.http import HttpRequest


def has_token(request: HttpRequest) -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if not settings.METRICS_TOKEN or scheme.lower() != "bearer":
        return False
    return secrets.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode())


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the request came over the loopback interface, and through no proxy."""
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
