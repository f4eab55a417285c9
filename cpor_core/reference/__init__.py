"""The packaged reference data (CSV) and how it comes into the database."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import models, transaction

from cpor_cases.models import RefusalReason
from cpor_core import languages
from cpor_core.models import CaseWord, Court, PartyRole, ProgressKind
from cpor_core.translated.columns import texts_from
from cpor_core.translated.fields import fields_of

FOLDER = Path(__file__).parent


@transaction.atomic
def load_all() -> dict[str, int]:
    """Add the rows that are missing and return how many of each kind. Rows that stand are left as editors keep them."""
    return {
        "courts": _add_missing(Court, ["code"], _read("courts.csv")),
        "case words": _add_missing(
            CaseWord, ["category", "court_tier", "word"], _read("case_words.csv", open="openness")
        ),
        "kinds of progress entries": _add_missing(ProgressKind, ["code"], _read("progress_kinds.csv")),
        "roles": _add_missing(
            PartyRole, ["category", "name__first"], _read("party_roles.csv", entitled="is_entitled")
        ),
        "reasons for refusal": _add_missing(RefusalReason, ["code"], _read("refusal_reasons.csv")),
    }


def _read(name: str, **renamed: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {renamed.get(key, key): value for key, value in row.items()}


def _add_missing(model: type[models.Model], key: list[str], rows: Iterator[dict[str, str]]) -> int:
    on_record = set(model.objects.values_list(*key))
    read = [_typed(model, row) for row in rows]
    new = [model(**facts) for facts in read if tuple(_key(facts, name) for name in key) not in on_record]
    model.objects.bulk_create(new)
    return len(new)


def _key(facts: dict, name: str) -> str:
    """Return a part of a row's key; `name__first` is the name in the first language."""
    field, _in, language = name.partition("__")
    return facts[field].get(languages.first()) if language else facts[field]


def _typed(model: type[models.Model], row: dict[str, str]) -> dict[str, str | bool | dict[str, str]]:
    """Return the cells of a row as the model takes them. Columns of languages that the site does not have are left out."""
    booleans = {field.name for field in model._meta.fields if isinstance(field, models.BooleanField)}
    texts = {field.name: texts_from(row, field.name) for field in fields_of(model)}
    known = {field.name for field in model._meta.fields}
    facts = {
        name: (value == "yes" if name in booleans else value) for name, value in row.items() if name in known
    }
    return facts | texts
