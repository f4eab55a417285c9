"""A site that the public reaches. A variable that is missing in the environment stops the start with its name."""

import os

from django.core.exceptions import ImproperlyConfigured

from . import base, transports
from .base import *  # noqa: F403

REQUIRED = [
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
]
missing = [name for name in REQUIRED if not base.env(name, default="")]
if missing:
    raise ImproperlyConfigured(
        "Set these in the environment or in .env (.env.example explains them): " + ", ".join(missing)
    )
if not base.BASE_URL.startswith("https://"):
    raise ImproperlyConfigured(
        "BASE_URL must begin with https://: log-ins and links must not travel in the open."
    )
if refusals := transports.refusals(os.environ):
    raise ImproperlyConfigured(" ".join(refusals))

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if base.ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# A browser takes a cookie of this prefix only over TLS, from this very host and for all its paths, so that neither a
# sister domain nor somebody on the line can plant one.
COOKIE_PREFIX = "__Host-"
SESSION_COOKIE_NAME = COOKIE_PREFIX + base.SESSION_COOKIE_NAME
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = COOKIE_PREFIX + base.CSRF_COOKIE_NAME
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = COOKIE_PREFIX + base.LANGUAGE_COOKIE_NAME
LANGUAGE_COOKIE_SECURE = True
STAFF_MFA_REQUIRED = base.env.bool("STAFF_MFA_REQUIRED", default=True)
