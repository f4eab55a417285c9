"""Tokens of the courts' own systems, which their managers make and revoke."""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


make_permissions = import_module("cpor_cases.migrations.0005_groups").make_permissions


def let_managers_manage(apps, schema_editor):
    make_permissions(apps, "cpor_cases")
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="cpor_cases", codename__in=["add_apitoken", "change_apitoken", "view_apitoken"]
    )
    apps.get_model("auth", "Group").objects.get(name="Court managers").permissions.add(*permissions)


class Migration(migrations.Migration):

    dependencies = [
        ('cpor_cases', '0011_mail_preference'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(help_text='Which system or machine uses it: Case system, main hall.', max_length=60, verbose_name='label')),
                ('prefix', models.CharField(max_length=20, verbose_name='begins with')),
                ('secret_hash', models.CharField(max_length=64, verbose_name='hash')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to='cpor_cases.court', verbose_name='court')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by')),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='importrun',
            name='token',
            field=models.ForeignKey(blank=True, help_text="Which token of the court's system sent it.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_runs', to='cpor_cases.apitoken', verbose_name='API token'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.UniqueConstraint(fields=('secret_hash',), name='unique_token_secret'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('court', 'label'), name='unique_label_of_standing_token'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='token_revoked_at_and_by'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='token_expires_after_its_making'),
        ),
        migrations.RunPython(let_managers_manage, migrations.RunPython.noop),
    ]
