"""The packaged reference data (CSV) and how it comes into the database."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import models, transaction

from cpor_cases.models import RefusalReason
from cpor_core.models import CaseWord, Court, PartyRole, ProgressKind

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
            PartyRole, ["category", "name_zh"], _read("party_roles.csv", entitled="is_entitled")
        ),
        "reasons for refusal": _add_missing(RefusalReason, ["code"], _read("refusal_reasons.csv")),
    }


def _read(name: str, **renamed: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {renamed.get(key, key): value for key, value in row.items()}


def _add_missing(model: type[models.Model], key: list[str], rows: Iterator[dict[str, str]]) -> int:
    on_record = set(model.objects.values_list(*key))
    new = [model(**_typed(model, row)) for row in rows if tuple(row[name] for name in key) not in on_record]
    model.objects.bulk_create(new)
    return len(new)


def _typed(model: type[models.Model], row: dict[str, str]) -> dict[str, str | bool]:
    booleans = {field.name for field in model._meta.fields if isinstance(field, models.BooleanField)}
    return {name: (value == "yes" if name in booleans else value) for name, value in row.items()}
