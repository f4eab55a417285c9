"""A form is handed in and approved as a page is: by the same workflow, and locked to its editor meanwhile."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Wagtail makes these only after all migrations, and under these names.
LOCKS = {"lock_courtform": "Can lock form", "unlock_courtform": "Can unlock form"}


def approve_forms_as_pages(apps, schema_editor):
    kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="cpor_pages", model="courtform"
    )
    of_pages = apps.get_model("wagtailcore", "WorkflowPage").objects.filter(page__depth=1).first()
    if of_pages:
        assigned = apps.get_model("wagtailcore", "WorkflowContentType").objects
        assigned.get_or_create(content_type=kind, defaults={"workflow_id": of_pages.workflow_id})
    let_chief_editors_lock(apps, kind)


def let_chief_editors_lock(apps, kind):
    permissions = apps.get_model("auth", "Permission").objects
    locks = [
        permissions.get_or_create(content_type=kind, codename=codename, defaults={"name": name})[0]
        for codename, name in LOCKS.items()
    ]
    for group in apps.get_model("auth", "Group").objects.filter(name="Chief editors"):
        group.permissions.add(*locks)


class Migration(migrations.Migration):

    dependencies = [
        ('cpor_pages', '0007_guide_pdf'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='courtform',
            name='locked',
            field=models.BooleanField(default=False, editable=False, verbose_name='locked'),
        ),
        migrations.AddField(
            model_name='courtform',
            name='locked_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='locked at'),
        ),
        migrations.AddField(
            model_name='courtform',
            name='locked_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by'),
        ),
        migrations.RunPython(approve_forms_as_pages, migrations.RunPython.noop),
    ]
