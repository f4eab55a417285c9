from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    """Where limits are counted without Redis. `createcachetable` leaves one alone that is there."""
    call_command("createcachetable", "cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("cpor_site", "0004_normal_address")]

    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
