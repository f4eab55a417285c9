"""Packaged reference data: each app registers its CSV files, and `load_all` adds the rows that are missing."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction

from cpor_core import languages
from cpor_core.translated.columns import texts_from
from cpor_core.translated.fields import fields_of


@dataclass(frozen=True)
class ReferenceFile:
    """A CSV file with the rows of one model.

    Its columns have the names of the model's fields, except those in `renamed`; a text in several languages has a column
    for each (`name_zh`, `name_en`), a row of another model by its code (`court__code`), which may be empty. A row is known by the fields in `key`; `name__first` is the name in the first language.
    """

    path: Path
    model: type[models.Model]
    key: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)

    def add_missing(self) -> int:
        """Add the rows that are missing and return how many. Rows that exist are left as editors keep them."""
        on_record = set(self.model._default_manager.values_list(*self.key))
        new = [self.model(**facts) for facts in self._rows() if self._key_of(facts) not in on_record]
        self.model._default_manager.bulk_create(new)
        return len(new)

    def _rows(self) -> Iterator[dict]:
        with self.path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield self._typed({self.renamed.get(name, name): cell for name, cell in row.items()})

    def _typed(self, row: dict[str, str]) -> dict:
        """Return the cells of a row as the model takes them. Columns of languages that the site does not have are left out."""
        columns = {column.name: column for column in self.model._meta.concrete_fields}
        facts: dict[str, Any] = {
            name: cell == "yes" if isinstance(columns[name], models.BooleanField) else cell
            for name, cell in row.items()
            if name in columns
        }
        for name, cell in row.items():
            relation, _in, field = name.partition("__")
            if field:
                related = columns[relation].related_model._default_manager  # type: ignore[union-attr]  # a foreign key
                facts[f"{relation}_id"] = (
                    related.values_list("pk", flat=True).get(**{field: cell}) if cell else None
                )
        return facts | {text.name: texts_from(row, text.name) for text in fields_of(self.model)}

    def _key_of(self, facts: dict) -> tuple[str, ...]:
        parts = (name.partition("__") for name in self.key)
        return tuple(
            facts[name].get(languages.first()) if language else facts[name] for name, _in, language in parts
        )


_files: list[ReferenceFile] = []


def register(*files: ReferenceFile) -> None:
    """Have `load_all` load these files, in the order in which they are registered."""
    _files.extend(each for each in files if each not in _files)


@transaction.atomic
def load_all() -> dict[str, int]:
    """Add the missing rows of all registered files and return how many there were in each, by its name."""
    return {each.path.stem.replace("_", " "): each.add_missing() for each in _files}
