"""The latest entries of many cases, and when one was last withdrawn, in one question."""

import datetime as dt
import json
from functools import lru_cache
from operator import attrgetter

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

# From the numbers of the cases to the entries of each, read off the indexes `latest_entries_of_case` and
# `withdrawn_entries_of_case`. A slice of the whole prefetch would have the database read and number every entry of every case.
_OF_EACH = {
    "postgresql": "unnest(%s::bigint[]) AS named (case_id) CROSS JOIN LATERAL ({of_case}) AS shown (id) "
    "JOIN {entries} AS entry ON entry.id = shown.id",
    "sqlite": "(SELECT value AS case_id FROM json_each(%s)) AS named JOIN {entries} AS entry ON entry.id IN ({of_case})",
}
WITHDRAWN_LATELY = dt.timedelta(days=30)


class LatestEntries:
    """A case's latest entries that stand, newest first, each with its kind: a list, once `prefetch_related` has asked.

    It then also gives each case `last_withdrawal_at`, when an entry was last withdrawn of which people had been told: None
    if none was lately.
    """

    def __set_name__(self, owner, name: str) -> None:
        self.name = name

    def __get__(self, case, owner=None) -> "LatestEntries":
        if case is not None:
            raise AttributeError(f"{self.name} of a case are read by prefetch_related, for all cases at once")
        return self

    def is_cached(self, case) -> bool:
        return self.name in vars(case)

    def get_prefetch_querysets(self, instances, querysets=None) -> tuple:
        """Answer Django's prefetch_related, to which this must be named with `to_attr`: it has no manager of its own."""
        found = _latest_and_withdrawn({case.pk for case in instances})
        withdrawals = {entry.case_id: entry.withdrawn_at for entry in found if entry.withdrawn_at}
        for case in instances:
            case.last_withdrawal_at = withdrawals.get(case.pk)
        latest = [entry for entry in found if not entry.withdrawn_at]
        return latest, attrgetter("case_id"), attrgetter("pk"), False, self.name, True


def _latest_and_withdrawn(cases: set[int]) -> list:
    """Return the latest entries of each of some cases, given by key, and the last one withdrawn lately."""
    entry_model, kind_model = _models()
    entry_names, kind_names = _attributes(entry_model), _attributes(kind_model)
    kinds, found = {}, []
    with connection.cursor() as cursor:
        named = list(cases) if connection.vendor == "postgresql" else json.dumps(list(cases))
        lately = connection.ops.adapt_datetimefield_value(timezone.now() - WITHDRAWN_LATELY)
        cursor.execute(_question(settings.ENTRIES_SHOWN), [named, lately])
        for row in map(_as_python, cursor):
            entry = entry_model.from_db(connection.alias, entry_names, row[: len(entry_names)])
            if entry.kind_id not in kinds:
                kinds[entry.kind_id] = kind_model.from_db(
                    connection.alias, kind_names, row[len(entry_names) :]
                )
            entry.kind = kinds[entry.kind_id]
            found.append(entry)
    return found


def _models() -> tuple:
    return apps.get_model("cpor_cases", "ProgressEntry"), apps.get_model("cpor_core", "ProgressKind")


def _attributes(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@lru_cache
def _question(entries_shown: int) -> str:
    entry_model, kind_model = _models()
    case = RawSQL("named.case_id", [])
    standing = entry_model.objects.standing().filter(case_id=case).newest_first()
    withdrawn = entry_model.objects.announced().filter(case_id=case, withdrawn_at__gt=RawSQL("%s", []))
    each = (standing[:entries_shown], withdrawn.order_by("-withdrawn_at")[:1])
    statements = [entries.values("pk").query.sql_with_params()[0] for entries in each]
    of_case = " UNION ALL ".join(f"SELECT * FROM ({statement}) AS one" for statement in statements)  # noqa: S608
    columns = [
        f"{table}.{field.column}"
        for table, model in (("entry", entry_model), ("kind", kind_model))
        for field in model._meta.concrete_fields
    ]
    shown = _OF_EACH[connection.vendor].format(of_case=of_case, entries=entry_model._meta.db_table)
    return (
        f"SELECT {', '.join(columns)} FROM {shown} JOIN {kind_model._meta.db_table} AS kind ON kind.id = entry.kind_id "  # noqa: S608 (names of ours)
        "ORDER BY entry.recorded_at DESC, entry.id DESC"
    )


def _as_python(row: tuple) -> tuple:
    """Return a row with its values as the models have them; SQLite keeps moments as text and truth as a number."""
    if not _converters():
        return row
    values = list(row)
    for place, (column, converters) in _converters().items():
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    return tuple(values)


@lru_cache
def _converters() -> dict[int, tuple]:
    """By place in a row, the column and what turns its value into Python's."""
    columns = [field.cached_col for model in _models() for field in model._meta.concrete_fields]
    by_place = {
        place: (column, connection.ops.get_db_converters(column) + column.get_db_converters(connection))
        for place, column in enumerate(columns)
    }
    return {place: found for place, found in by_place.items() if found[1]}
