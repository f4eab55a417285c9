"""The groups of the people who work in the office, with what each may do."""

from django.contrib.auth.management import create_permissions

READ = [
    "view_activation",
    "view_application",
    "view_case",
    "view_caseaccess",
    "view_hearingnotice",
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
    "change_hearingnotice",
    "change_outgoingmail",
    "add_importrun",
    "add_progressentry",
    "change_progressentry",
]
MANAGE = [
    "add_clerkpost",
    "delete_clerkpost",
    "view_clerkpost",
    "view_courtlogentry",
    "report_court",
]

GROUPS = {
    "Clerks": READ + WORK,
    "Court managers": [
        *READ,
        *WORK,
        *MANAGE,
        "manage_court",
        "add_apitoken",
        "change_apitoken",
        "view_apitoken",
    ],
    "Service managers": [
        *READ,
        *MANAGE,
        "oversee_courts",
        "view_refusalreason",
        "add_refusalreason",
        "change_refusalreason",
    ],
}


def make_groups(apps, schema_editor):
    for label in ("cpor_core", "cpor_cases"):
        make_permissions(apps, label)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    enter = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    ours = Permission.objects.filter(content_type__app_label__in=["cpor_core", "cpor_cases"])
    for name, codenames in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        permissions = ours.filter(codename__in=codenames)
        if permissions.count() != len(codenames):
            raise LookupError(f"the permissions of {name} are not all there")
        group.permissions.add(enter, *permissions)


def make_permissions(apps, label):
    """Django makes permissions only after all migrations; a group needs them now."""
    config = apps.get_app_config(label)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
