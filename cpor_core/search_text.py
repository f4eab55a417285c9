"""Searches that ignore spelling: the searched text is stored folded, and queries are folded in the same way.

A model with many rows stores its folded text in a column: `SearchTextField`, with `SearchedModel` and `SearchedQuerySet`,
updates it on save, bulk_create, update and bulk_update; SQL of our own uses `folded_in_sql`. No generated column does, because SQLite can fold only by our function: a file whose columns need it cannot be
copied by other programs (`VACUUM INTO`, the backup of docs/operators.md). Few rows are folded while they are searched (`SearchText`).
"""

from typing import Any, cast

from django.db import connection, models
from django.db.backends.signals import connection_created
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from .spellings import COURTS_IN_SHORT, LEFT_OUT_OF_SEARCHES, VARIANTS, fold_search

COLUMN = "search_text"


def search_text_of(*texts: str) -> str:
    """Return what is searched of some texts: each folded, a blank between them, which is in nothing that is searched for."""
    return " ".join(fold_search(text or "") for text in texts)


def holds(text: str, column: str = COLUMN) -> Q:
    """Return the condition that a column of folded texts holds `text`, however it is spelled; of nothing but marks, no row."""
    folded = fold_search(text)
    return Q(**{f"{column}__contains": folded}) if folded else Q(pk__in=[])


class SearchText(Func):
    """What is searched of some columns, folded by the database: for few rows, and to write the column of many."""

    output_field = models.TextField()

    def __init__(self, *expressions, **extra):
        super().__init__(*(Coalesce(each, Value("")) for each in expressions), **extra)

    def as_sql(self, compiler, connection, *_args: Any, **_extra: Any):
        parts = [compiler.compile(each) for each in self.source_expressions]
        sql = " || ' ' || ".join(_folded(part, connection.vendor) for part, _params in parts)
        return f"({sql})", [each for _part, params in parts for each in params]


def folded_in_sql(*expressions: str) -> str:
    """Return in SQL what `search_text_of` returns of texts that are not null."""
    return " || ' ' || ".join(_folded(each, connection.vendor) for each in expressions)


def _folded(sql: str, vendor: str) -> str:
    if vendor != "postgresql":
        return f"cpor_folded({sql})"
    left_out = f"'{LEFT_OUT_OF_SEARCHES}', '', 'g'"
    sql = f"lower(normalize(regexp_replace({sql}, {left_out}), NFKC))"
    # What Python's case folding does beyond small letters.
    sql = f"replace(replace({sql}, 'ß', 'ss'), 'ς', 'σ')"
    sql = f"translate(regexp_replace({sql}, {left_out}), '{VARIANTS[0]}', '{VARIANTS[1]}')"
    for short, full in COURTS_IN_SHORT:
        sql = f"replace({sql}, '{short}', '{full}')"
    return sql


class SearchTextField(models.TextField):
    """The folded text of other fields of the row, named in `sources`."""

    def __init__(self, *sources: str, **kwargs):
        self.sources = sources
        super().__init__(**kwargs | {"editable": False, "blank": True, "default": "", "db_default": ""})

    def deconstruct(self):
        name, path, _args, kwargs = super().deconstruct()
        return name, path, list(self.sources), {}

    def pre_save(self, model_instance, add):
        text = search_text_of(*(getattr(model_instance, source) for source in self.sources))
        setattr(model_instance, self.attname, text)
        return text


def _sources_of(model: type[models.Model]) -> tuple[str, ...]:
    return cast(SearchTextField, model._meta.get_field(COLUMN)).sources


class SearchedQuerySet(models.QuerySet):
    """Keeps the folded text of rows that are updated together."""

    def update(self, **facts):
        sources = _sources_of(self.model)
        if facts.keys() & set(sources):
            texts = (facts.get(source, F(source)) for source in sources)
            as_written = (each if hasattr(each, "resolve_expression") else Value(each) for each in texts)
            facts.setdefault(COLUMN, SearchText(*as_written))
        return super().update(**facts)


class SearchedModel(models.Model):
    """A model with a `search_text`, which is saved whenever one of its sources is."""

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None and set(update_fields) & set(_sources_of(type(self))):
            update_fields = {*update_fields, COLUMN}
        super().save(*args, update_fields=update_fields, **kwargs)


def connect() -> None:
    """Have every connection to SQLite know the function."""
    connection_created.connect(_add_function, dispatch_uid="cpor_core.search_text")


def _add_function(*, connection, **_signal) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("cpor_folded", 1, _fold_or_none, deterministic=True)


def _fold_or_none(text: str | None) -> str | None:
    return None if text is None else fold_search(text)
