"""Active sessions: allauth keeps a record (`UserSession`) of each session and deletes none by itself."""

import datetime as dt
from importlib import import_module

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone


def active(sessions: models.QuerySet, now: dt.datetime | None = None) -> models.QuerySet:
    """Return the rows of `sessions` (of allauth's UserSession) whose session is stored and has not expired."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    if not hasattr(store, "get_model_class"):  # an engine without a table
        return sessions.filter(pk__in=[session.pk for session in sessions if session.exists()])
    usable = store.get_model_class().objects.filter(expire_date__gt=now or timezone.now())
    return sessions.filter(Exists(usable.filter(session_key=OuterRef("session_key"))))
