"""Editors write, chief editors publish. Neither sees anything of cases.

Wagtail's own groups stay as they are, but that its Editors may edit the service's content, too: a site that takes the service
in may use them. Chief editors are a group of their own, and approve beside Wagtail's moderators.
"""

from django.contrib.auth.management import create_permissions

REFERENCE = ["caseword", "progresskind", "hearingadvice", "quietperiod", "partyrole", "court"]
PAGE_PERMISSIONS = {
    "Editors": ["add", "change"],
    "Chief editors": ["add", "change", "publish", "bulk_delete", "lock", "unlock"],
}
# Wagtail makes these only after all migrations, and under these names.
OF_FORMS = {
    "publish_courtform": "Can publish form",
    "lock_courtform": "Can lock form",
    "unlock_courtform": "Can unlock form",
}


def make_groups(apps, schema_editor):
    for label in ("cpor_core", "cpor_pages", "wagtailcore", "simple_translation", "wagtailredirects"):
        make_permissions(apps, label)
    Group = apps.get_model("auth", "Group")
    approve_beside_moderators(apps)
    for name, page_permissions in PAGE_PERMISSIONS.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(*permissions_of(apps, is_chief=name == "Chief editors"))
        give_page_permissions(apps, group, page_permissions)
    approve_forms_as_pages(apps)


def approve_beside_moderators(apps):
    """Make the group of chief editors, with what moderators may do to files, and a voice in each of their approvals."""
    chief, is_new = apps.get_model("auth", "Group").objects.get_or_create(name="Chief editors")
    if not is_new:
        return
    of_files = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    for given in of_files.filter(group__name="Moderators"):
        of_files.create(group=chief, collection=given.collection, permission=given.permission)
    for task in apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(groups__name="Moderators"):
        task.groups.add(chief)


def permissions_of(apps, *, is_chief):
    Permission = apps.get_model("auth", "Permission")
    wanted = [
        ("wagtailadmin", "access_admin"),
        ("cpor_pages", "change_servicesettings"),
        ("simple_translation", "submit_translation"),  # editors make the other language's page themselves
    ]
    for action in ["add", "change", "view"] + ["delete"] * is_chief:
        wanted += [("cpor_core", f"{action}_{model}") for model in REFERENCE]
        wanted += [("cpor_pages", f"{action}_{model}") for model in ("courtform", "rolegroup")]
    found = [
        Permission.objects.get(content_type__app_label=label, codename=codename) for label, codename in wanted
    ]
    if is_chief:
        # They take pages off the site and lead the old addresses on.
        found += Permission.objects.filter(content_type__app_label="wagtailredirects")
        found += permissions_for_forms(apps)
    return found


def permissions_for_forms(apps):
    permissions = apps.get_model("auth", "Permission").objects
    return [
        permissions.get_or_create(
            content_type=type_of_forms(apps), codename=codename, defaults={"name": name}
        )[0]
        for codename, name in OF_FORMS.items()
    ]


def approve_forms_as_pages(apps):
    """A form is handed in and approved as a page is: by the same workflow, and locked to its editor meanwhile."""
    of_pages = apps.get_model("wagtailcore", "WorkflowPage").objects.filter(page__depth=1).first()
    if of_pages:
        assigned = apps.get_model("wagtailcore", "WorkflowContentType").objects
        assigned.get_or_create(
            content_type=type_of_forms(apps), defaults={"workflow_id": of_pages.workflow_id}
        )


def type_of_forms(apps):
    types = apps.get_model("contenttypes", "ContentType").objects
    return types.get_or_create(app_label="cpor_pages", model="courtform")[0]


def give_page_permissions(apps, group, actions):
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    given = apps.get_model("wagtailcore", "GroupPagePermission").objects
    Permission = apps.get_model("auth", "Permission")
    for action in actions:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{action}_page")
        given.get_or_create(group=group, page=root, permission=permission)


def make_permissions(apps, label):
    """Django makes permissions only after all migrations; a group needs them now."""
    config = apps.get_app_config(label)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
