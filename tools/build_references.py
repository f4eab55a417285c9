"""Write the pages of reference to docs/, each from the code that it is about, and the index of the decisions.

Run `python -m tools.build_references` (`make docs`) and commit what it writes. A test compares. Permissions are read from a
database with all migrations done, which the tests use, too.
"""

import os
import sys


def build() -> None:
    sys.path.insert(1, "site")
    os.environ["DJANGO_SETTINGS_MODULE"] = "cpor_site.settings.test"
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    # Only here: this runs outside Django.
    import django

    django.setup()
    from django.db import connection

    from tests.support import migrated_database
    from tools import references

    connection.settings_dict["NAME"] = ":memory:"
    connection.ensure_connection()
    migrated_database.fill(connection.connection)
    for path, page in references.pages().items():
        (references.DOCS / path).write_text(page.text(), encoding="utf-8")


if __name__ == "__main__":
    build()
