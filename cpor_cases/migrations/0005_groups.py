"""The groups of the people who work at the desk, with what each may do."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

LOOK = [
    "view_activation",
    "view_application",
    "view_case",
    "view_caseaccess",
    "view_importrun",
    "view_outgoingmail",
    "view_progressentry",
]
WORK = [
    "add_application",
    "change_activation",
    "change_application",
    "change_case",
    "change_caseaccess",
    "change_outgoingmail",
    "add_importrun",
    "add_progressentry",
    "change_progressentry",
]
POSTS = ["add_clerkpost", "delete_clerkpost", "view_clerkpost"]

GROUPS = {
    "Clerks": LOOK + WORK,
    "Court managers": LOOK + WORK + POSTS,
    "Service managers": LOOK + POSTS + ["oversee_courts"],
}


def make_groups(apps, schema_editor):
    make_permissions(apps, "cpor_cases")
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    enter = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    ours = Permission.objects.filter(content_type__app_label="cpor_cases")
    for name, codenames in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        permissions = ours.filter(codename__in=codenames)
        assert permissions.count() == len(codenames), name
        group.permissions.add(enter, *permissions)


def make_permissions(apps, label):
    """Django makes permissions only after all migrations; a group needs them now."""
    config = apps.get_app_config(label)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None


class Migration(migrations.Migration):

    dependencies = [
        ("cpor_cases", "0004_audit"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
