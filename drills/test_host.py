"""Another site takes the service in by the steps of docs/extension.md, upgrades from the release before, and removes it."""

import pytest

from .distribution import previous, wheel
from .hosts import Host, databases
from .steps import steps

DATABASES = databases()


def test_the_page_has_ten_steps_at_most():
    numbers = [step.number for step in steps()]

    assert numbers == [*range(1, len(numbers) + 1)]
    assert len(numbers) <= 10


@pytest.fixture(scope="module", params=DATABASES)
def host(request) -> Host:
    """A site that took the steps of today."""
    host = Host(f"new-{request.param}", DATABASES[request.param])
    host.start(wheel())
    host.take(steps())
    return host


def test_a_site_that_took_the_steps_has_nothing_to_complain_of(host):
    assert "no issues" in host.manage("check")
    assert "No changes" in host.manage("makemigrations", "--check", "--dry-run")


def test_a_litigant_applies_is_told_activates_and_sees_the_case(host):
    assert "journey done" in host.walk("first")


@pytest.mark.parametrize("database", DATABASES)
def test_a_site_upgrades_from_the_release_before_with_its_data_and_removes_the_service(database):
    host, release = Host(f"old-{database}", DATABASES[database]), previous()
    host.start(release.wheel)
    host.take(steps(release.page))
    assert "journey done" in host.walk("first")

    host.install(wheel())
    host.manage("migrate")

    assert "No changes" in host.manage("makemigrations", "--check", "--dry-run")
    assert "journey done" in host.walk("after an upgrade")

    uninstall(host)


LEFT = """
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import ModelLogEntry, Page, ReferenceIndex, Revision
ours = dict(app_label__startswith="cpor_")
left = [table for table in connection.introspection.table_names() if table.startswith("cpor_")]
left += ContentType.objects.filter(**ours).values_list("model", flat=True)
left += Permission.objects.filter(content_type__app_label__startswith="cpor_").values_list("codename", flat=True)
left += Revision.objects.filter(content_type__app_label__startswith="cpor_").values_list("pk", flat=True)
left += ReferenceIndex.objects.filter(base_content_type__app_label__startswith="cpor_").values_list("pk", flat=True)
left += ModelLogEntry.objects.filter(content_type=None).values_list("pk", flat=True)
print("left:", left, "groups:", sorted(Group.objects.values_list("name", flat=True)))
"""


def uninstall(host: Host) -> None:
    """Take the service out of the site; go back to its settings and addresses of before."""
    assert "Nothing was changed" in host.manage("cpor_uninstall")
    assert "group Clerks: it has members" in host.manage("cpor_uninstall", "--yes")
    host.forget_steps()

    assert "no issues" in host.manage("check")
    assert "No planned migration operations" in host.manage("migrate", "--plan")
    said = host.manage("shell", "--no-imports", given=LEFT)
    assert "left: []" in said
    assert "'Clerks'" in said
    assert "Chief editors" not in said
    assert "200 200" in host.manage("shell", "--no-imports", given=OWN_PAGES)


OWN_PAGES = """
from django.contrib.auth import get_user_model
from django.test import Client
get_user_model().objects.create_superuser("root", "root@example.com", "x")
client = Client(headers={"host": "localhost"})
client.force_login(get_user_model().objects.get(username="root"), "django.contrib.auth.backends.ModelBackend")
print(client.get("/").status_code, client.get("/admin/").status_code)
"""
