"""The site's settings, with the peers that need tables of their own."""

import logging
from importlib.util import find_spec

from cpor_site.settings.base import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, *filter(find_spec, ["post_office", "mailer"])]  # noqa: F405
POST_OFFICE = {
    "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
    "THREADS_PER_PROCESS": 1,
}
EMAIL_BACKEND = "cpor_cases.mail.smtp.SMTPBackend"
MAILER_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
MAILER_USE_FILE_LOCK = False
EMAIL_HOST = "127.0.0.1"
LOGGING_CONFIG = None
logging.getLogger("post_office").addHandler(logging.NullHandler())  # or it tells of each batch
