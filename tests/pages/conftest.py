"""The public site with its starter content, built once for all tests of this folder and rolled back after them."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction

from tests import factories


@pytest.fixture(scope="package")
def starter_content(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference_data", verbosity=0)
        call_command("load_starter_content", verbosity=0)
        call_command("update_index", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def public_site(starter_content, db):
    """The pages of a new house; what a test changes of them is undone after it."""


@pytest.fixture
def editor(public_site):
    return make_editor("editor", "Editors")


@pytest.fixture
def chief_editor(public_site):
    return make_editor("chief-editor", "Chief editors")


def make_editor(name: str, group: str):
    user = factories.make_user(name)
    user.groups.add(Group.objects.get(name=group))
    return user
