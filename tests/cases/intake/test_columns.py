"""Each column of an export is declared once; everything else derives from its declaration."""

import pytest
from django.db import connection

from cpor_cases.api.reference import read as read_reference
from cpor_cases.api.schemas import ROW_SCHEMA
from cpor_cases.intake import temporary_tables as tables
from cpor_cases.intake.columns import CASE_TEXTS, COLUMNS, ENTRY_VALUES, MAX_LENGTHS
from cpor_cases.models import Case, ProgressEntry


def test_what_an_export_says_is_stored_in_fields_of_its_models():
    assert {column.stored_in.model for column in CASE_TEXTS} == {Case}
    assert {column.stored_in.model for column in ENTRY_VALUES} == {ProgressEntry}


def test_a_text_may_be_as_long_as_its_field():
    for column in (*CASE_TEXTS, *ENTRY_VALUES):
        assert MAX_LENGTHS.get(column.key) == column.stored_in.max_length


@pytest.mark.django_db
def test_the_temporary_tables_hold_every_value():
    with tables.opened(), connection.cursor() as cursor:
        staged, cases = (
            {column.name for column in connection.introspection.get_table_description(cursor, name)}
            for name in ("staged", "staged_case")
        )

    assert {column.sql_name for column in ENTRY_VALUES} <= staged
    assert {column.sql_name for column in CASE_TEXTS} <= cases


@pytest.mark.django_db
def test_the_interface_tells_of_every_column():
    keys = [column.key for column in COLUMNS]

    assert list(ROW_SCHEMA["properties"]) == keys
    assert [told["key"] for told in read_reference()["columns"]] == keys
