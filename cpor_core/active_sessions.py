"""Which of the sessions that allauth has a record of can still be used: it forgets none by itself."""

import datetime as dt
from importlib import import_module

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone


def living(sessions: models.QuerySet, now: dt.datetime | None = None) -> models.QuerySet:
    """Of allauth's records of sessions, those whose session can still be used."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    if not hasattr(store, "get_model_class"):  # an engine without a table
        return sessions.filter(pk__in=[session.pk for session in sessions if session.exists()])
    usable = store.get_model_class().objects.filter(expire_date__gt=now or timezone.now())
    return sessions.filter(Exists(usable.filter(session_key=OuterRef("session_key"))))
