"""An upgrade locks no table that may be large (docs/operators.md, Upgrades)."""

from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.loader import MigrationLoader

from cpor_cases.migrations import _concurrently

LARGE = {"announcement", "case", "caseaccess", "courtlogentry", "outgoingmail", "pastentry", "progressentry"}


def later_migrations():
    """Yield the migrations of tables that may hold rows: all but each app's first."""
    migrations = MigrationLoader(None).disk_migrations
    return [
        each
        for (app, name), each in migrations.items()
        if app.startswith("cpor_") and not name.startswith("0001")
    ]


def test_indexes_of_large_tables_are_made_without_a_lock():
    locking = [
        f"{migration}: {operation.describe()}"
        for migration in later_migrations()
        for operation in migration.operations
        if isinstance(operation, AddIndex | AddConstraint)
        and operation.model_name_lower in LARGE
        and not isinstance(operation, _concurrently.Concurrently)
    ]

    assert not locking, locking


def test_they_are_made_outside_of_a_transaction():
    concurrent = [
        migration
        for migration in later_migrations()
        if any(isinstance(operation, _concurrently.Concurrently) for operation in migration.operations)
    ]

    assert concurrent
    assert not any(migration.atomic for migration in concurrent)
