"""Ended sessions with their internet address and browser, counts of attempts to log in, and marks of sent forms."""

import datetime as dt
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache.backends.db import DatabaseCache
from django.db import connections
from django.utils import timezone

from cpor_core.active_sessions import active
from cpor_core.models import SentForm

MARKS_KEPT = dt.timedelta(days=1)  # longer than any log-in


def purge_sessions(now: dt.datetime | None = None) -> dict[str, int]:
    """Delete sessions that are over, and all records of them; return how many records of each kind."""
    now = now or timezone.now()
    over = UserSession.objects.exclude(pk__in=active(UserSession.objects.all(), now).values("pk"))
    return {
        "records of log-ins": over.delete()[0],
        "sessions": _delete_sessions(now),
        "entries of the cache": _purge_cache(now),
        "marks of sent forms": SentForm.objects.filter(sent_at__lte=now - MARKS_KEPT).delete()[0],
    }


def _delete_sessions(now: dt.datetime) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    if hasattr(store, "get_model_class"):
        return store.get_model_class().objects.filter(expire_date__lte=now).delete()[0]
    store.clear_expired()
    return 0


def _purge_cache(now: dt.datetime) -> int:
    """Delete expired rows of caches in the database, which Django keeps until there are too many: they name addresses."""
    tables = {
        cache["LOCATION"]
        for cache in settings.CACHES.values()
        if cache["BACKEND"].endswith(DatabaseCache.__name__)
    }
    return sum(_purge_cache_table(table, now) for table in tables)


def _purge_cache_table(table: str, now: dt.datetime) -> int:
    connection = connections["default"]
    moment = now.astimezone(dt.UTC).replace(microsecond=0)
    if not settings.USE_TZ:
        moment = moment.replace(tzinfo=None)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {connection.ops.quote_name(table)} WHERE expires < %s",  # noqa: S608 (a name from the settings)
            [connection.ops.adapt_datetimefield_value(moment)],
        )
        return cursor.rowcount
