"""The public site with its starter content, and a version of the content: fixtures for the conftest of a folder."""

import pytest
from django.core.management import call_command
from django.db import transaction

from cpor_core import content_version


@pytest.fixture(scope="package")
def starter_content(django_db_setup, django_db_blocker):
    """The starter content, built once for all tests of the folder and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference_data", verbosity=0)
        call_command("load_starter_content", verbosity=0)
        call_command("update_index", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def public_site(starter_content, db):
    """The pages of a new site; what a test changes of them is undone after it."""


@pytest.fixture
def version(settings, tmp_path):
    """A version of the content, and caches that use it."""
    settings.CPOR = settings.CPOR | {"PAGE_CACHE_PAGES": 10}
    settings.CPOR = settings.CPOR | {"CONTENT_VERSION_FILE": str(tmp_path / "version")}
    content_version.shared.cache_clear()
    yield content_version.shared()
    content_version.shared.cache_clear()
