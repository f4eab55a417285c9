"""The search index in the site's own database, written by one thread at a time."""

from django.db import connections, router, transaction
from modelsearch.backends import database
from modelsearch.backends.base import BaseIndex
from wagtail.search.models import IndexEntry

LOCK = 0x5EA2C4  # any number that nothing else takes on PostgreSQL


class OneAtATime(BaseIndex):
    """An index of `modelsearch` that waits for the thread that is writing it.

    On SQLite `modelsearch` reads and then inserts, so two threads with one object collide on its unique entry; on
    PostgreSQL each updates the lengths of all new titles, in any order.
    """

    def add_items(self, model, objs) -> None:
        connection = connections[router.db_for_write(IndexEntry)]
        with transaction.atomic(using=connection.alias):
            # SQLite takes its lock when the transaction begins: `transaction_mode` is IMMEDIATE.
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            super().add_items(model, objs)


def SearchBackend(params):  # noqa: N802 (the name by which modelsearch finds it)
    """Return the back end for the database at hand."""
    backend = database.SearchBackend(params)
    backend.index_class = type("Index", (OneAtATime, backend.index_class), {})
    return backend
