"""Reasons for refusal can be retired; the service managers keep their list."""

from importlib import import_module

import cpor_cases.models.applications
import django.db.models.deletion
from django.db import migrations, models


make_permissions = import_module("cpor_cases.migrations.0005_groups").make_permissions


def let_overseers_keep_the_list(apps, schema_editor):
    make_permissions(apps, "cpor_cases")
    Permission = apps.get_model("auth", "Permission")
    wanted = Permission.objects.filter(
        content_type__app_label="cpor_cases",
        codename__in=["view_refusalreason", "add_refusalreason", "change_refusalreason"],
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Service managers"):
        group.permissions.add(*wanted)


class Migration(migrations.Migration):

    dependencies = [
        ('cpor_cases', '0015_calendar_feed'),
    ]

    operations = [
        migrations.AddField(
            model_name='refusalreason',
            name='is_retired',
            field=models.BooleanField(default=False, help_text='It can no longer be given; where it was given, it stays.', verbose_name='retired'),
        ),
        migrations.AlterField(
            model_name='application',
            name='refusal_reason',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='cpor_cases.refusalreason', verbose_name='reason for refusal'),
        ),
        migrations.AlterField(
            model_name='refusalreason',
            name='code',
            field=models.CharField(default=cpor_cases.models.applications.make_reason_code, editable=False, max_length=40, verbose_name='code'),
        ),
        migrations.RunPython(let_overseers_keep_the_list, migrations.RunPython.noop),
    ]
