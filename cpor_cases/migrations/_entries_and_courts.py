"""PostgreSQL makes sure that an entry's court is its case's."""

ENTRIES, CASES, NAME = "cpor_cases_progressentry", "cpor_cases_case", "entry_of_its_cases_court"


def bind_court_and_case_together(apps, schema_editor):
    """One composite foreign key in place of two makes an import a tenth cheaper. SQLite cannot add a foreign key to a
    table that exists: there both stay, each for itself."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # pending checks would forbid the change of the table
    for name in _foreign_keys(schema_editor, ["case_id"], ["court_id"]):
        schema_editor.execute(f'ALTER TABLE {ENTRIES} DROP CONSTRAINT "{name}"')
    schema_editor.execute(
        f"ALTER TABLE {ENTRIES} ADD CONSTRAINT {NAME} FOREIGN KEY (court_id, case_id) "
        f"REFERENCES {CASES} (court_id, id) DEFERRABLE INITIALLY DEFERRED"
    )


def _foreign_keys(schema_editor, *of_columns: list[str]) -> list[str]:
    with schema_editor.connection.cursor() as cursor:
        found = schema_editor.connection.introspection.get_constraints(cursor, ENTRIES)
    return [name for name, each in found.items() if each["foreign_key"] and each["columns"] in of_columns]
