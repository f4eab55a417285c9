"""`manage.py backup` and `restore`: nothing is lost, nothing broken is taken for whole, nothing is replaced by mistake."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.conf import settings

from cpor_site.backup import copies
from tests.support.migrated_database import drop_database, migrated_database, migrated_file, new_database

ROWS = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from tests import factories
factories.make_access(factories.make_user("wang", email="wang@mail.example"))
default_storage.save("documents/表格.odt", ContentFile(b"form"))
default_storage.save("images/a.png", ContentFile(b"picture"))
"""
MORE = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from tests import factories
factories.make_user("chen", email="chen@mail.example")
default_storage.save("documents/newer.odt", ContentFile(b"newer"))
"""


@contextmanager
def database(url: str, file: Path):
    """Yield a connection to the database of a home, and the names of its tables."""
    if url:
        with psycopg.connect(url) as connection:
            tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            yield connection, [name for (name,) in connection.execute(tables)]
    else:
        with closing(sqlite3.connect(file)) as connection:
            tables = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' ORDER BY 1"
            )
            yield connection, [name for (name,) in connection.execute(tables)]


class Home:
    """A site of its own: a folder and a database, of the kind that DATABASE_URL names."""

    def __init__(self, folder: Path, **variables: str):
        self.folder, self.media = folder, folder / "media"
        base = {
            "DJANGO_SETTINGS_MODULE": "cpor_site.settings.base",
            "PYTHONPATH": ".:site",
            "VAR_DIR": str(folder),
        }
        self.environment = {"PATH": os.environ["PATH"], **base, **variables}

    def manage(self, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=self.environment | variables,
            capture_output=True,
            text=True,
        )

    def run(self, code: str) -> str:
        done = self.manage("shell", "--no-imports", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def backup(self, folder: Path, **variables: str) -> Path:
        done = self.manage("backup", folder, **variables)
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.split(": ")[0])

    def content(self) -> tuple[dict, list]:
        with database(self.environment.get("DATABASE_URL", ""), self.folder / "site.sqlite3") as (db, tables):
            rows = {name: sorted(map(str, db.execute(f'SELECT * FROM "{name}"'))) for name in tables}  # noqa: S608
        files = [path for path in sorted(self.media.rglob("*")) if path.is_file()]
        return rows, [(str(path.relative_to(self.media)), path.read_bytes()) for path in files]


@pytest.fixture
def new_home(tmp_path):
    """Return what makes a home: migrated, or with nothing in its database."""
    databases = []

    def make(name: str, *, is_migrated: bool) -> Home:
        folder = tmp_path / name
        folder.mkdir()
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            if is_migrated:
                shutil.copy(migrated_file(), folder / "site.sqlite3")
            return Home(folder)
        databases.append(f"backup_{name}_{os.getpid()}")
        template = migrated_database() if is_migrated else "template1"
        return Home(folder, DATABASE_URL=new_database(databases[-1], template=template))

    yield make
    for database in databases:
        drop_database(database)


@pytest.fixture
def home(new_home):
    home = new_home("first", is_migrated=True)
    home.run(ROWS)
    return home


def test_what_is_restored_elsewhere_equals_what_was_backed_up(home, new_home, tmp_path):
    elsewhere = new_home("second", is_migrated=False)
    before = home.content()

    backup = home.backup(tmp_path / "backups")
    done = elsewhere.manage("restore", backup)

    assert done.returncode == 0, done.stderr
    assert elsewhere.content() == before
    assert "wang@mail.example" in str(before[0]["cpor_site_user"])
    assert before[1] == [("documents/表格.odt", b"form"), ("images/a.png", b"picture")]
    assert backup.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in backup.iterdir())


def test_a_home_that_is_not_empty_is_replaced_only_if_that_is_said(home, tmp_path):
    backup = home.backup(tmp_path / "backups")
    before = home.content()
    home.run(MORE)
    after = home.content()

    refused = home.manage("restore", backup)

    assert refused.returncode != 0
    assert "--replace" in refused.stderr
    assert home.content() == after
    done = home.manage("restore", backup, "--replace")
    assert done.returncode == 0, done.stderr
    assert home.content() == before


@pytest.mark.parametrize("harm", [lambda file: file.write_bytes(file.read_bytes()[:-1] + b"x"), Path.unlink])
def test_a_damaged_backup_changes_nothing(home, tmp_path, harm):
    backup = home.backup(tmp_path / "backups")
    before = home.content()
    harm(backup / "media.tar")

    done = home.manage("restore", backup, "--replace")

    assert done.returncode != 0
    assert "nothing was changed" in done.stderr
    assert home.content() == before


def test_an_enciphered_backup_opens_with_its_key_alone(home, new_home, tmp_path):
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, each in (("key", key), ("other", other)):
        (tmp_path / name).write_text(f"# created: 2026-11-30\n{each}\n")
    elsewhere = new_home("second", is_migrated=False)
    before = home.content()

    backup = home.backup(tmp_path / "backups", BACKUP_RECIPIENTS=str(key.to_public()))

    assert json.loads((backup / "manifest.json").read_text())["enciphered"]
    assert not any(b"wang@mail.example" in path.read_bytes() for path in backup.iterdir())
    for arguments, reason in [((), "--identity"), (("--identity", tmp_path / "other"), "deciphered")]:
        done = elsewhere.manage("restore", backup, *arguments)
        assert done.returncode != 0
        assert reason in done.stderr
    assert elsewhere.manage("restore", backup, "--identity", tmp_path / "key").returncode == 0
    assert elsewhere.content() == before


def test_a_backup_that_fails_leaves_nothing_that_looks_like_one(home, tmp_path):
    (home.folder / "site.sqlite3").write_bytes(b"no database" * 1000)
    broken = (
        {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"} if "DATABASE_URL" in home.environment else {}
    )

    done = home.manage("backup", tmp_path / "backups", **broken)

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "backups").glob("*")) == []


def test_old_backups_are_removed_but_never_the_newest(tmp_path, monkeypatch):
    for name in ("cpor-20260901T020000Z", "cpor-20260902T020000Z", "cpor-20260903T020000Z", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").touch()

    removed = copies.remove_old(tmp_path, days=30)

    assert [path.name for path in removed] == ["cpor-20260901T020000Z", "cpor-20260902T020000Z"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cpor-20260903T020000Z", "other"]


def test_a_copy_is_whole_while_others_write(home, tmp_path):
    if "DATABASE_URL" in home.environment:
        pytest.skip("pg_dump sees one moment")
    with closing(sqlite3.connect(home.folder / "site.sqlite3")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM cpor_cases_case")

        backup = home.backup(tmp_path / "backups")

        writer.rollback()
    with closing(sqlite3.connect(backup / "database")) as copy:
        assert copy.execute("SELECT count(*) FROM cpor_cases_case").fetchone() == (1,)
