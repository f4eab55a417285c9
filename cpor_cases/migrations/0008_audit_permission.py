"""Managers read the audit of their courts."""

from importlib import import_module

from django.db import migrations

make_permissions = import_module("cpor_cases.migrations.0005_groups").make_permissions


def let_managers_read(apps, schema_editor):
    make_permissions(apps, "cpor_cases")
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="cpor_cases", codename="view_courtlogentry"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Court managers", "Service managers"]):
        group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [("cpor_cases", "0007_own_words")]

    operations = [migrations.RunPython(let_managers_read, migrations.RunPython.noop)]
