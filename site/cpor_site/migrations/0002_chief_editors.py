from django.db import migrations

WORKFLOW = "主編審核"


def take_over_moderators(apps, schema_editor):
    """On this site chief editors are the only ones who approve: Wagtail's moderators would be a second way."""
    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.filter(name="Moderators approval").update(name=WORKFLOW)
    Group = apps.get_model("auth", "Group")
    chief, moderators = (Group.objects.filter(name=name).first() for name in ("Chief editors", "Moderators"))
    if chief and moderators:
        for person in apps.get_model("cpor_site", "User").objects.filter(groups=moderators):
            person.groups.add(chief)
        moderators.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cpor_site", "0001_initial"),
        ("cpor_pages", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(take_over_moderators, migrations.RunPython.noop)]
