"""A database that several processes can open."""

import os
import shutil

import pytest
from django.db import connections

from tests.support import migrated_database


@pytest.fixture
def home(django_db_blocker, tmp_path):
    """A database of the tests' kind that several processes can open and that keeps what is committed."""
    ours = connections["default"]
    copy = ours.copy()
    if ours.vendor == "sqlite":
        name = shutil.copy(migrated_database.migrated_file(), tmp_path / "several.sqlite3")
    else:
        name, template = f"several_{os.getpid()}", migrated_database.migrated_database()
        # A database that is being copied cannot be copied once more
        with migrated_database.alone(migrated_database.FOLDER):
            migrated_database.new_database(name, template=template)
    copy.settings_dict["NAME"] = name
    connections["default"] = copy
    try:
        with django_db_blocker.unblock():
            yield
    finally:
        copy.close()
        connections["default"] = ours
        if ours.vendor == "postgresql":
            migrated_database.drop_database(name)
