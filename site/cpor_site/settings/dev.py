"""The same site with DEBUG and auto-reload: `make dev`."""

from .base import *  # noqa: F403

DEBUG = True
LOGGING = LOGGING | {"handlers": HANDLERS | {"stderr": HANDLERS["stderr"] | {"formatter": "line"}}}  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 (runserver has a new thread for each request)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
