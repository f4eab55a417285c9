"""For the tests: fast hashing, mail in memory, tasks at once. DATABASE_URL and REDIS_URL choose the home."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from . import base
from .base import *  # noqa: F403

SECRET_KEY = "only-for-tests"  # noqa: S105
BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "no-reply@court.example"
STORAGES = base.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
VAR_DIR = Path(tempfile.mkdtemp(prefix="cpor-test-var-"))
MEDIA_ROOT = tempfile.mkdtemp(prefix="cpor-test-media-")
HUEY = {
    "name": "test",
    "huey_class": "cpor_site.task_queue.MemoryQueue",
    "immediate": True,
    "serializer": base.HUEY["serializer"],
}
TASKS = {"default": base.TASKS["default"] | {"ENQUEUE_ON_COMMIT": False}}  # tests do not commit
WHITENOISE_AUTOREFRESH = True
if base.REDIS_URL:
    # Tests empty their cache and change each other's version of the content, so each process has a Redis database of its own,
    # of those from 9 to 15.
    _process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    REDIS_URL = urlsplit(base.REDIS_URL)._replace(path=f"/{15 - _process % 7}").geturl()
    CACHES = base.CACHES | {"default": base.CACHES["default"] | {"LOCATION": REDIS_URL}}
else:
    REDIS_URL = ""
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CPOR = base.CPOR | {
    "BASE_URL": BASE_URL,
    "VAR_DIR": VAR_DIR,
    "REDIS_URL": REDIS_URL,
    "MESSAGE_ID_DOMAIN": "court.example",
    "PAGE_CACHE_PAGES": 0,  # what a test rolls back would stay in the cached pages
    "STAFF_MFA_REQUIRED": False,
}
