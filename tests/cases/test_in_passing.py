"""Statements that PostgreSQL executes while the process does something else."""

import pytest
from django.db import DatabaseError, connection, transaction

from cpor_cases.mail import async_statements
from cpor_core.models import Court
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has no server that could work meanwhile"
    ),
]
RENAME = "UPDATE cpor_core_court SET name_en = $1 WHERE id = $2"


def test_a_statement_is_done_when_its_wait_is_over_however_often_it_comes():
    court = factories.make_court("TPD")

    for number in range(3):
        async_statements.execute(RENAME, f"name {number}", court.pk)()
        assert Court.objects.get().name_en == f"name {number}"


def test_one_that_fails_says_why_and_the_connection_serves_on():
    court = factories.make_court("TPD")

    with pytest.raises(DatabaseError, match="too long"), transaction.atomic():
        async_statements.execute(RENAME, "x" * 1000, court.pk)()

    async_statements.execute(RENAME, "name", court.pk)()
    assert Court.objects.get().name_en == "name"


def test_one_that_cannot_be_planned_says_why():
    with pytest.raises(DatabaseError, match="nowhere"), transaction.atomic():
        async_statements.execute("UPDATE nowhere SET nothing = $1", "x")

    assert Court.objects.count() == 0
