"""Chief editors lead old addresses on: they take pages off the site, and only they may publish."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def allow(apps, schema_editor):
    config = apps.get_app_config("wagtailredirects")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    redirects = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="wagtailredirects")
    for group in apps.get_model("auth", "Group").objects.filter(name="Chief editors"):
        group.permissions.add(*redirects)


class Migration(migrations.Migration):
    dependencies = [
        ("cpor_pages", "0008_forms_approved"),
        ("wagtailredirects", "0001_initial"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
