"""The site's settings, without what would keep one machine from asking as often as a benchmark does."""

from cpor_site.settings.base import *  # noqa: F403

ACCOUNT_RATE_LIMITS = False
CPOR = CPOR | {"API_CALLS_A_MINUTE": 1_000_000}  # noqa: F405
