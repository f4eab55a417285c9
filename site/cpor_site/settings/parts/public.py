"""What a site that the public reaches must be told, and may not do. All that is wrong is told when `base` stops the start."""

import fnmatch
from urllib.parse import urlsplit

from cpor_site.settings import transports

from . import databases, mail, security  # noqa: F401 (each reads its variables, and notes their faults, before these here)
from .environment import env

REQUIRED = [
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
]


def require_all() -> None:
    for name in REQUIRED:
        if not env(name):
            env.refuse(name, "is missing: set it in the environment or in .env (.env.example explains it).")


def require_tls() -> None:
    if security.BASE_URL.startswith("http://"):
        env.refuse("BASE_URL", "must begin with https://: log-ins and links must not travel in the open.")


def require_own_name() -> None:
    """Refuse a site that would answer the links in its own mails with 400."""
    host = urlsplit(security.BASE_URL).hostname or ""
    patterns = [f"*{name}" if name.startswith(".") else name for name in security.ALLOWED_HOSTS]
    if not any(
        fnmatch.fnmatchcase(f".{host}" if name.startswith("*.") else host, name.lower()) for name in patterns
    ):
        env.refuse("ALLOWED_HOSTS", f"lacks {host}, the name in BASE_URL, to which all links in mails lead.")


require_all()
require_tls()
require_own_name()
transports.refuse_unprotected(env)
