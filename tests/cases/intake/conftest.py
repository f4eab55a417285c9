"""A database that several processes can open."""

import os

import psycopg
import pytest
from django.db import connections


@pytest.fixture
def home(django_db_setup, django_db_blocker, tmp_path):
    """A database of the same kind that several processes can open and that keeps what is committed."""
    ours = connections["default"]
    with django_db_blocker.unblock():
        if ours.vendor == "sqlite":
            name = str(tmp_path / "killed.sqlite3")
            with ours.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [name])
            take_away = None
        else:
            name, take_away = _copy_on_postgresql(ours)
        copy = ours.copy()
        copy.settings_dict["NAME"] = name
        connections["default"] = copy
        try:
            yield
        finally:
            copy.close()
            connections["default"] = ours
            if take_away:
                take_away()


def _copy_on_postgresql(ours):
    ours.close()
    facts = ours.get_connection_params() | {"dbname": "postgres"}
    facts = {key: facts[key] for key in ("dbname", "user", "password", "host", "port") if key in facts}
    name = f"killed_{os.getpid()}"

    def execute(statement):
        with psycopg.connect(**facts, autocommit=True) as server:
            server.execute(statement)

    execute(f'CREATE DATABASE {name} TEMPLATE "{ours.settings_dict["NAME"]}"')
    return name, lambda: execute(f"DROP DATABASE {name} WITH (FORCE)")
