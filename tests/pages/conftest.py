"""The public site and its editors."""

import pytest
from django.contrib.auth.models import Group

from tests import factories
from tests.support.public_site import public_site, starter_content, version

__all__ = ["public_site", "starter_content", "version"]


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
