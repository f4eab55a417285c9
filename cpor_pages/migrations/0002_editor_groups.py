"""Editors write, chief editors publish. Neither sees anything of cases.

Wagtail's own first groups are taken over: its approval workflow already leads from the one to the other.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

REFERENCE = ["caseword", "progresskind", "partyrole", "court"]
PAGE_DEEDS = {
    "Editors": ["add", "change"],
    "Chief editors": ["add", "change", "publish", "bulk_delete", "lock", "unlock"],
}
WORKFLOW = "主編審核"


def make_groups(apps, schema_editor):
    for label in ("cpor_cases", "cpor_pages", "wagtailcore"):
        make_permissions(apps, label)
    Group = apps.get_model("auth", "Group")
    Group.objects.filter(name="Moderators").update(name="Chief editors")
    for name, deeds in PAGE_DEEDS.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(*permissions_of(apps, chief=name == "Chief editors"))
        give_page_deeds(apps, group, deeds)
    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.filter(name="Moderators approval").update(name=WORKFLOW)


def permissions_of(apps, *, chief):
    Permission = apps.get_model("auth", "Permission")
    wanted = [("wagtailadmin", "access_admin"), ("cpor_pages", "change_servicesettings")]
    for deed in ["add", "change", "view"] + ["delete"] * chief:
        wanted += [("cpor_cases", f"{deed}_{model}") for model in REFERENCE]
        wanted += [("cpor_pages", f"{deed}_courtform")]
    found = [
        Permission.objects.get(content_type__app_label=label, codename=codename) for label, codename in wanted
    ]
    return found + [permission_to_publish_forms(apps)] * chief


def permission_to_publish_forms(apps):
    """Wagtail makes this one only after all migrations, and under this name."""
    kind, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="cpor_pages", model="courtform"
    )
    permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename="publish_courtform", defaults={"name": "Can publish form"}
    )
    return permission


def give_page_deeds(apps, group, deeds):
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    given = apps.get_model("wagtailcore", "GroupPagePermission").objects
    Permission = apps.get_model("auth", "Permission")
    for deed in deeds:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{deed}_page")
        given.get_or_create(group=group, page=root, permission=permission)


def make_permissions(apps, label):
    """Django makes permissions only after all migrations; a group needs them now."""
    config = apps.get_app_config(label)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None


class Migration(migrations.Migration):
    dependencies = [
        ("cpor_pages", "0001_initial"),
        ("cpor_cases", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtaildocs", "0001_initial"),
        ("wagtailimages", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
