"""How and when a court is reached, kept by its manager; and who reads its reports."""

from importlib import import_module

from django.db import migrations, models


make_permissions = import_module("cpor_cases.migrations.0005_groups").make_permissions

MAY = {"Court managers": ["manage_court", "report_court"], "Service managers": ["report_court"]}


def let_managers(apps, schema_editor):
    make_permissions(apps, "cpor_cases")
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="cpor_cases")
    for name, codenames in MAY.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):

    dependencies = [
        ('cpor_cases', '0016_refusal_reasons_kept'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='court',
            options={'ordering': ['pk'], 'permissions': [('manage_court', 'Can set the telephone and opening hours of a court'), ('report_court', 'Can read the reports of a court')], 'verbose_name': 'court', 'verbose_name_plural': 'courts'},
        ),
        migrations.AddField(
            model_name='court',
            name='hours_en',
            field=models.CharField(blank=True, max_length=200, verbose_name='opening hours in English'),
        ),
        migrations.AddField(
            model_name='court',
            name='hours_zh',
            field=models.CharField(blank=True, max_length=200, verbose_name='opening hours in Chinese'),
        ),
        migrations.RunPython(let_managers, migrations.RunPython.noop),
    ]
