"""For the tests: fast hashing, mail in memory, tasks at once. DATABASE_URL and REDIS_URL choose the home."""

import tempfile

from .base import *  # noqa: F403

SECRET_KEY = "only-for-tests"  # noqa: S105
BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "no-reply@court.example"
MESSAGE_ID_DOMAIN = "court.example"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
MEDIA_ROOT = tempfile.mkdtemp(prefix="cpor-test-media-")
HUEY = {"name": "test", "huey_class": "huey.MemoryHuey", "immediate": True}
WHITENOISE_AUTOREFRESH = True
if not REDIS_URL:  # noqa: F405
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
