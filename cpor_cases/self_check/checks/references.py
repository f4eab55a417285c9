"""No row refers to one that is not there.

PostgreSQL sees to that with every statement, unless a restore or a hand has switched it off; SQLite is asked.
"""

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils.translation import gettext_lazy as _

from cpor_cases.self_check.check import check

# Foreign keys that are not enforced: added without a check of the rows there are, or with their triggers switched off.
_NOT_ENFORCED = """
SELECT DISTINCT holder.relname FROM pg_constraint AS key JOIN pg_class AS holder ON holder.oid = key.conrelid
WHERE key.contype = 'f' AND (NOT key.convalidated OR EXISTS (
    SELECT 1 FROM pg_trigger WHERE tgconstraint = key.oid AND tgenabled = 'D'))
"""


@check(
    "reference_broken",
    of=ContentType,
    says=_(
        "Rows of a table refer to rows that are not there, or the database does not see to that any more."
    ),
    do=_("Do not restart or purge anything. Report it, and see whether the disk or a restore has failed."),
)
def broken(now) -> Iterator[int]:
    """Return the keys of the content types concerned."""
    query = "PRAGMA foreign_key_check" if connection.vendor == "sqlite" else _NOT_ENFORCED
    with connection.cursor() as cursor:
        cursor.execute(query)
        tables = {table for table, *_row in cursor.fetchall()}
    for content_type in ContentType.objects.order_by("pk"):
        model = content_type.model_class()
        if model and model._meta.db_table in tables:
            yield content_type.pk


CHECKS = (broken,)
