"""Indexes on tables that may be large, made while the service goes on writing to them.

PostgreSQL else lets nobody write to the table until the index is made. A migration of these operations has
`atomic = False` and no others: one that was aborted is carried out again from its beginning.
"""

from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.operations.models import IndexOperation


class Concurrently(IndexOperation):
    """Makes an index without a lock on PostgreSQL, and as usual on SQLite. What an attempt before has left is replaced."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{self._name}"')
        statement = str(self._statement(model, schema_editor))
        schema_editor.execute(statement.replace(" INDEX ", " INDEX CONCURRENTLY ", 1), params=None)


class AddIndexConcurrently(Concurrently, AddIndex):
    @property
    def _name(self) -> str:
        return self.index.name

    def _statement(self, model, schema_editor):
        return self.index.create_sql(model, schema_editor)


class AddUniqueConstraintConcurrently(Concurrently, AddConstraint):
    """Of a constraint with a condition, which is an index on both databases."""

    @property
    def _name(self) -> str:
        return self.constraint.name

    def _statement(self, model, schema_editor):
        return self.constraint.create_sql(model, schema_editor)
