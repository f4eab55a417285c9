"""Texts in several languages in files: a column for each language, named by its suffix (`name_zh`, `name_en`)."""

from collections.abc import Mapping

from cpor_core import languages


def columns_of(name: str) -> dict[str, str]:
    """Return the columns of a field and the language of each."""
    return {f"{name}_{suffix}": code for suffix, code in languages.by_suffix().items()}


def texts_from(row: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the texts that a row has of a field; empty ones are left out."""
    return {code: row[column] for column, code in columns_of(name).items() if row.get(column)}
