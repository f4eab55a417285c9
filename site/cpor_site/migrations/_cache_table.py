from django.core.management import call_command


def make_table(apps, schema_editor):
    """Limits are counted there without Redis. `createcachetable` leaves a table alone that exists."""
    call_command("createcachetable", "cache", database=schema_editor.connection.alias, verbosity=0)
