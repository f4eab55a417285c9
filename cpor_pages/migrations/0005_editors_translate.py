"""Editors make the other language's page themselves."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def let_editors_translate(apps, schema_editor):
    config = apps.get_app_config("simple_translation")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permission = apps.get_model("auth", "Permission").objects.get(codename="submit_translation")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Chief editors"]):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("cpor_pages", "0004_first_pages"),
        ("simple_translation", "0001_initial"),
    ]

    operations = [migrations.RunPython(let_editors_translate, migrations.RunPython.noop)]
