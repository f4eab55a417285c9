"""Entries made before the log kept the names of that time get those of today, the closest that is known."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import migrations
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, Trim


def name_actors(apps, schema_editor):
    """One statement for the names, one for the kind. A full name is said as the service says it: 王大明, Mary Wang."""
    entries = apps.get_model("cpor_cases", "CourtLogEntry").objects
    users = apps.get_model(settings.AUTH_USER_MODEL).objects
    actor = users.filter(pk=OuterRef("user_id"))
    if {"first_name", "last_name"} <= {field.name for field in users.model._meta.get_fields()}:
        is_ascii = Q(last_name__regex=r"^[ -~]*$", first_name__regex=r"^[ -~]*$")
        full_name = Case(
            When(is_ascii, then=Trim(Concat("first_name", Value(" "), "last_name"))),
            default=Concat("last_name", "first_name"),
        )
    else:
        full_name = Value("")
    of_users = entries.exclude(user_id=None)
    of_users.update(
        actor_username=Coalesce(Subquery(actor.values(get_user_model().USERNAME_FIELD)[:1]), Value("")),
        actor_name=Coalesce(Subquery(actor.annotate(full=full_name).values("full")[:1]), Value("")),
    )
    office = Q(codename="access_admin", content_type__app_label="wagtailadmin")
    permissions = apps.get_model("auth", "Permission").objects.filter(office)
    staff = users.filter(Q(is_superuser=True) | Q(groups__permissions__in=permissions)).filter(
        pk=OuterRef("user_id")
    )
    of_users.update(actor_kind=Case(When(Exists(staff), then=Value("staff")), default=Value("litigant")))
    entries.filter(user_id=None).update(actor_kind="system")


class Migration(migrations.Migration):
    dependencies = [
        ("cpor_cases", "0031_actors_of_the_log"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(name_actors, migrations.RunPython.noop)]
