"""Groups of roles, by which visitors narrow the forms down; editors keep them."""

import modelcluster.fields
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def let_editors_keep_them(apps, schema_editor):
    config = apps.get_app_config("cpor_pages")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="cpor_pages")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Chief editors"]):
        deeds = ["add", "change", "view"] + ["delete"] * (group.name == "Chief editors")
        group.permissions.add(*permissions.filter(codename__in=[f"{deed}_rolegroup" for deed in deeds]))


class Migration(migrations.Migration):

    dependencies = [
        ('cpor_cases', '0011_mail_preference'),
        ('cpor_pages', '0005_editors_translate'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoleGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, verbose_name='short name in addresses')),
                ('name_zh', models.CharField(max_length=60, verbose_name='name in Chinese')),
                ('name_en', models.CharField(max_length=100, verbose_name='name in English')),
                ('sort_order', models.PositiveSmallIntegerField(default=0, verbose_name='place in the list')),
                ('roles', models.ManyToManyField(help_text='They also say in which categories the group exists: no civil case has a defense counsel.', related_name='role_groups', to='cpor_cases.partyrole', verbose_name='roles')),
            ],
            options={
                'verbose_name': 'group of roles',
                'verbose_name_plural': 'groups of roles',
                'ordering': ['sort_order', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='courtform',
            name='used_by',
            field=modelcluster.fields.ParentalManyToManyField(blank=True, help_text='Visitors narrow the forms down by this. None ticked: the form is for everybody.', related_name='+', to='cpor_pages.rolegroup', verbose_name='used by'),
        ),
        migrations.AddConstraint(
            model_name='rolegroup',
            constraint=models.UniqueConstraint(fields=('slug',), name='unique_role_group_slug'),
        ),
        migrations.RunPython(let_editors_keep_them, migrations.RunPython.noop),
    ]
