"""A site that the public reaches. A variable that is missing in the environment stops the start with its name (`parts/public.py`)."""

from .parts import public  # noqa: F401 isort: skip (first: `base` ends with what it and the parts refuse)
from . import base
from .base import *  # noqa: F403

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if base.ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# A browser takes a cookie of this prefix only over TLS, from this very host and for all its paths, so that neither a
# sister domain nor somebody on the line can plant one.
COOKIE_PREFIX = "__Host-"
SESSION_COOKIE_NAME = COOKIE_PREFIX + base.SESSION_COOKIE_NAME
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = COOKIE_PREFIX + base.CSRF_COOKIE_NAME
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = COOKIE_PREFIX + base.LANGUAGE_COOKIE_NAME
LANGUAGE_COOKIE_SECURE = True
CPOR = base.CPOR | {
    "COOKIE_PREFIX": COOKIE_PREFIX,
    "STAFF_MFA_REQUIRED": base.env.bool("STAFF_MFA_REQUIRED", default=True),
}
